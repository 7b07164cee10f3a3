import { SAFE_MODE_ACTIONS } from "../../orchestration/recovery/builtin_action_names.ts";
import type { SimCluster } from "../../testing/sim_cluster.ts";
import type { LaneCommit } from "./recovery_commits.ts";
import type { SimLimits } from "./recovery_workload.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

interface Start {
  readonly trueMs: number;
  readonly ledgerMs: number;
  readonly isSafeMode: boolean;
}

/**
 * R4 no more actions begin in an hour, and no more of them enter safe mode in a day, than the rules
 * let: by the ledger's clock, and by true time where the nodes' clocks are near it.
 */
export class RecoveryLimitInvariants {
  readonly #limits: SimLimits;
  readonly #cluster: SimCluster;
  readonly #areClocksTrusted: boolean;
  readonly #starts: Map<string, Start[]> = new Map();
  #isVoid = false;

  constructor(cluster: SimCluster, limits: SimLimits) {
    this.#cluster = cluster;
    this.#limits = limits;
    this.#areClocksTrusted = !cluster.schedule.classes.includes("wallJump");
  }

  /** The store was set back: what was begun may be forgotten. */
  historyLost(): void {
    this.#isVoid = true;
  }

  /** Looks at a commit, at the moment at which it is applied. */
  committed({ lane, atMs: trueMs, chains }: LaneCommit): void {
    if (this.#isVoid) return;
    for (const { before, after } of chains) {
      if (before?.at.kind !== "deciding" || after?.at.kind !== "running") continue;
      const starts = this.#starts.get(lane) ?? [];
      this.#starts.set(lane, starts);
      const isSafeMode = SAFE_MODE_ACTIONS.includes(after.steps[after.outcomes.length]!.action);
      const ledgerMs = after.at.execution.decidedMs;
      if (ledgerMs < (starts.at(-1)?.ledgerMs ?? 0)) {
        throw new Error("R4: the ledger's clock went back");
      }
      starts.push({ trueMs, ledgerMs, isSafeMode });
      this.#check(starts, "ledgerMs", "by the ledger's clock");
      if (this.#areClocksTrusted) this.#check(starts, "trueMs", "by true time");
    }
  }

  #check(starts: readonly Start[], time: "trueMs" | "ledgerMs", by: string): void {
    const { perHour, safeModePerDay } = this.#limits;
    const nowMs = starts.at(-1)![time];
    const inHour = starts.filter((start) => start[time] > nowMs - HOUR_MS);
    if (inHour.length > perHour) throw new Error(`R4: ${inHour.length} actions in an hour ${by}`);
    if (inHour.length === perHour) this.#cluster.witness("as many actions as may be");
    const inDay = starts.filter((start) => start.isSafeMode && start[time] > nowMs - DAY_MS);
    if (inDay.length > safeModePerDay) {
      throw new Error(`R4: ${inDay.length} safe modes in a day ${by}`);
    }
  }
}
