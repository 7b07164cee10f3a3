import type { FaultClass } from "./fault_class.ts";
import type { SimFaults } from "./sim_faults.ts";

/**
 * Draws what befalls single calls.
 *
 * @param has Whether the schedule has a class of faults.
 * @param random Values in [0, 1).
 * @param reactionMs The time in which a cluster reacts, in ms.
 * @returns The faults, those of classes that the schedule does not have off.
 */
export function drawFaults(
  has: (wanted: FaultClass) => boolean,
  random: () => number,
  reactionMs: number,
): SimFaults {
  const share = (wanted: FaultClass, most: number) => has(wanted) ? most * random() : 0;
  const latencyMs = has("latency") ? reactionMs * 0.1 * random() : 1;
  return {
    latency: { minMs: 0.1, maxMs: latencyMs, heavyTailShare: share("latency", 0.3) },
    busy: share("busy", 0.3),
    lostRequest: share("lostRequest", 0.15),
    lostReply: share("lostReply", 0.15),
    zombie: share("zombie", 0.1),
    zombieDelay: { minMs: 0.1 * reactionMs, maxMs: 4 * reactionMs },
    hang: share("hang", 0.05),
    tornList: share("tornList", 0.3),
    tornListPause: { minMs: 1, maxMs: 0.2 * reactionMs },
    silentWatch: share("watch", 0.5),
    stalledWatch: share("watch", 0.2),
  };
}
