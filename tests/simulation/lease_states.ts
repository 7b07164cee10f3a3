/** The states of the lease model, and how one is made from another. No decision is taken here. */

/** The election's records, as they stand in the store. */
export interface Records {
  readonly term: number;
  readonly holderId: string | null;
  readonly incarnation: string | null;
  readonly termNonce: number;
  readonly termStamp: number;
  readonly leaseTerm: number;
  readonly leaseNonce: number;
  readonly leaseStamp: number;
  /** Which node the record is of; the protocol does not know this. */
  readonly node: number;
}

/** Nobody has led yet. */
export const NO_RECORDS: Records = {
  term: 0,
  holderId: null,
  incarnation: null,
  termNonce: 0,
  termStamp: 0,
  leaseTerm: 0,
  leaseNonce: 0,
  leaseStamp: 0,
  node: -1,
};

/** A commit on its way to the store. */
export interface Message {
  readonly kind: "acquire" | "renew" | "release";
  readonly node: number;
  readonly incarnation: string;
  readonly term: number;
  readonly nonce: number;
  readonly termStamp: number;
  readonly leaseStamp: number;
}

/** A commit whose answer a node is waiting for. */
export interface Call {
  readonly message: Message;
  /** Ticks since it was sent. */
  readonly age: number;
  readonly answer: "none" | "ok" | "refused" | "lost";
  /** The versionstamp that the answer says. */
  readonly stamp: number;
  /** Whether the store did it; the protocol does not know this. */
  readonly done: boolean;
}

/** One process. */
export interface NodeState {
  readonly id: string;
  readonly incarnation: string;
  /** The versionstamps that it saw last, and ticks since it first saw them. */
  readonly view: { termStamp: number; leaseStamp: number; age: number } | null;
  /** The term it believes to hold, and ticks since its last successful renewal was sent. */
  readonly held: { term: number; stamp: number; age: number } | null;
  readonly call: Call | null;
}

/** The right to write that a node was given with a term. Its writes may arrive at any time later. */
export interface Fence {
  readonly term: number;
  readonly stamp: number;
}

/** One state of the whole cluster. */
export interface ClusterState {
  readonly records: Records;
  readonly nodes: readonly NodeState[];
  /** Commits that nobody waits for any more. */
  readonly orphans: readonly Message[];
  readonly fences: readonly Fence[];
  /** The highest term of a fenced write that was committed. */
  readonly written: number;
  readonly lostLeft: number;
  readonly crashesLeft: number;
  readonly resignationsLeft: number;
  /** What went wrong on the way here. */
  readonly fault: string | null;
  /** Last nonce, versionstamp or incarnation that was given out. */
  readonly serial: number;
}

/** What a follower compares to see whether something changed. */
export type Stamps = Pick<Records, "termStamp" | "leaseStamp">;

/** Puts a commit on its way that checks what stands there now, or what is given. */
export function send(
  state: ClusterState,
  node: number,
  what: Pick<Message, "kind" | "term"> & Partial<Message>,
): ClusterState {
  const nonce = state.serial + 1;
  const { incarnation } = state.nodes[node]!;
  const { termStamp, leaseStamp } = state.records;
  const message = { node, incarnation, nonce, termStamp, leaseStamp, ...what };
  const call: Call = { message, age: 0, answer: "none", stamp: 0, done: false };
  return withCall({ ...state, serial: nonce }, node, call);
}

/** Tells whoever waits for this message, unless the answer is lost already. */
export function answered(
  state: ClusterState,
  { node, nonce }: Message,
  answer: "ok" | "refused",
  stamp: number,
): ClusterState {
  const { call } = state.nodes[node]!;
  if (call?.message.nonce !== nonce) return state;
  const done = answer === "ok";
  return withCall(
    state,
    node,
    call.answer === "lost" ? { ...call, done } : {
      ...call,
      answer,
      stamp,
      done,
    },
  );
}

/** The answer will not come; a message that has not arrived yet still may. */
export function lose(state: ClusterState, node: number, call: Call): ClusterState {
  const orphans = call.answer === "none" ? [...state.orphans, call.message] : state.orphans;
  return withCall({ ...state, orphans }, node, { ...call, answer: "lost" });
}

/** Lets go of a term that ran out; a renewal that is still on its way goes on alone. */
export function expired(state: ClusterState, node: number): ClusterState {
  const { call } = state.nodes[node]!;
  const released = call === null ? state : hungUp(lose(state, node, call), node);
  return withNode(released, node, { ...released.nodes[node]!, held: null });
}

/** Nobody waits for the call any more. */
export function hungUp(state: ClusterState, node: number): ClusterState {
  return withCall(state, node, null);
}

/** One node's call replaced. */
export function withCall(state: ClusterState, node: number, call: Call | null): ClusterState {
  return withNode(state, node, { ...state.nodes[node]!, call });
}

/** One node replaced. */
export function withNode(state: ClusterState, node: number, self: NodeState): ClusterState {
  return { ...state, nodes: replaced(state.nodes, node, self) };
}

function replaced<T>(items: readonly T[], index: number, item: T): T[] {
  return items.map((other, at) => at === index ? item : other);
}
