import { FaultClass } from "./fault_class.ts";
import type { SimAction } from "./sim_action.ts";

const ACTIONS_MAX = 4;
const OUTAGES_MAX = 2;
const VARIANTS = 3;
const HOUR_MS = 3_600_000;
const CUTS = ["requests", "replies", "both"] as const;

/**
 * Draws what befalls nodes and store because of a class of faults.
 *
 * @param wanted The class.
 * @param random Values in [0, 1).
 * @param count How many nodes there are.
 * @param reactionMs The time in which a cluster reacts, in ms: actions last around that.
 * @returns The actions; none for a class that befalls calls.
 */
export function drawActions(
  wanted: FaultClass,
  random: () => number,
  count: number,
  reactionMs: number,
): SimAction[] {
  const some = (make: (node: number, forMs: number) => SimAction) =>
    Array.from({ length: 1 + Math.floor(random() * ACTIONS_MAX) }, () => (
      make(Math.floor(random() * count), Math.round(reactionMs * (0.1 + 2.5 * random() ** 2)))
    ));
  switch (wanted) {
    case FaultClass.CRASH:
      return some((node, forMs) => ({ kind: "crash", node, forMs }));
    case FaultClass.LOSS:
      return [{ kind: "loss", node: Math.floor(random() * count) }];
    case FaultClass.PANIC:
      return some((node, forMs) => ({ kind: "panic", node, forMs }));
    case FaultClass.RESTART:
      return some((node, forMs) => ({ kind: "restart", node, forMs, variant: 0 }));
    case FaultClass.RECONFIGURE:
      return Array.from({ length: count }, (_, node) => ({
        kind: "restart",
        node,
        forMs: Math.round(reactionMs * random()),
        variant: Math.floor(random() * VARIANTS),
      }));
    case FaultClass.PAUSE:
      return some((node, forMs) => ({ kind: "pause", node, forMs, monotonic: random() < 0.5 }));
    case FaultClass.PARTITION:
      return some((node, forMs) => {
        const cut = CUTS[Math.floor(random() * CUTS.length)]!;
        return { kind: "partition", node, forMs, cut };
      });
    case FaultClass.WALL_JUMP:
      return some((node) => {
        return { kind: "jumpWall", node, byMs: Math.round((2 * random() - 1) ** 3 * HOUR_MS) };
      });
    case FaultClass.STORE_OUTAGE:
      return some((_, forMs) => ({ kind: "outage", forMs })).slice(0, OUTAGES_MAX);
    case FaultClass.STORE_RESTORE:
      return [{ kind: "restore", agoMs: Math.round(random() * 4 * reactionMs) }];
    default:
      return [];
  }
}
