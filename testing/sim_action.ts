/** One thing that befalls a node or the store. */
export type SimAction =
  | {
    /** The process dies without notice. */
    readonly kind: "crash";
    /** Which node. */
    readonly node: number;
    /** How long until it is started again, in ms. */
    readonly forMs: number;
  }
  | {
    /** The process dies without notice, for good. */
    readonly kind: "loss";
    /** Which node. */
    readonly node: number;
  }
  | {
    /** The process is shut down in order: its signal aborts. */
    readonly kind: "restart";
    /** Which node. */
    readonly node: number;
    /** How long until it is started again, in ms. */
    readonly forMs: number;
    /** Its settings from then on. */
    readonly variant: number;
  }
  | {
    /** The process's handle on the store dies: every call fails, until it is started again. */
    readonly kind: "panic";
    /** Which node. */
    readonly node: number;
    /** How long until a supervisor starts it again, in ms. */
    readonly forMs: number;
  }
  | {
    /** The process stands still. */
    readonly kind: "pause";
    /** Which node. */
    readonly node: number;
    /** For how long, in ms. */
    readonly forMs: number;
    /** Whether its monotonic clock goes on. */
    readonly monotonic: boolean;
  }
  | {
    /** Node and store do not hear each other. */
    readonly kind: "partition";
    /** Which node. */
    readonly node: number;
    /** For how long, in ms. */
    readonly forMs: number;
    /** What does not arrive. */
    readonly cut: "requests" | "replies" | "both";
  }
  | {
    /** The node's wall clock jumps. */
    readonly kind: "jumpWall";
    /** Which node. */
    readonly node: number;
    /** How far, in ms. */
    readonly byMs: number;
  }
  | {
    /** The store is away. */
    readonly kind: "outage";
    /** For how long, in ms. */
    readonly forMs: number;
  }
  | {
    /** The store goes back to how it was some time ago; to nothing when that is before the start. */
    readonly kind: "restore";
    /** How long ago, in ms. */
    readonly agoMs: number;
  };
