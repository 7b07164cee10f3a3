import type { RecoveryDocument } from "../../config/schemas/recovery_document.ts";
import { BasicRecovery } from "./basic_recovery.ts";
import { checkedRecoverySchema } from "./checked_schemas.ts";
import type { RecoveryOrchestratorOptions } from "./recovery_orchestrator_options.ts";

/** What thresholds lead to: all that basic recovery does without being told how. */
const ACTIONS: readonly string[] = ["circuit_restart", "cache_purge", "safe_mode"];

/**
 * Recovery by thresholds: a circuit that stays open, retries that fail, components that fail, an
 * anomaly detection that is not accurate enough. Each has one action; see `recovery.yaml`.
 *
 * Not guaranteed: that an action has one effect only. It is decided once; after a crash it may be run
 * again, with the same `executionId` and a higher `attempt`.
 *
 * @example Purge a cache when too many retries fail
 * ```ts
 * import { RecoveryOrchestrator } from "@baton/orchestration/orchestration";
 *
 * const cache = new Map([["a", 1]]);
 * const recovery = new RecoveryOrchestrator({ caches: [cache] });
 * await recovery.handleEvent({ type: "health_check", state: { retry: { failures_1h: 51 } } });
 * if (cache.size !== 0) throw new Error("it should have been purged");
 * const [entry] = await recovery.getActionHistory();
 * if (entry?.reason !== "failures_1h=51") throw new Error("for another reason?");
 * ```
 */
export class RecoveryOrchestrator extends BasicRecovery<RecoveryDocument> {
  /**
   * Makes an orchestrator. Nothing is read or begun.
   *
   * @param options The parts, and the file.
   * @throws {TypeError} when both a document and a file are given.
   * @throws {RangeError} when a number is out of range.
   */
  constructor(options: RecoveryOrchestratorOptions<RecoveryDocument> = {}) {
    super({ ...options, schema: checkedRecoverySchema, builtins: ACTIONS });
  }
}
