import { CLUSTER_LANE, historyKey, laneKeys } from "../../orchestration/recovery/lane_keys.ts";
import { emptyLedger, type Ledger } from "../../orchestration/recovery/ledger.ts";
import { encodeLedger } from "../../orchestration/recovery/ledger_record.ts";
import { MemoryRecoveryStorage } from "../../orchestration/recovery/memory_recovery_storage.ts";
import type { RecoveryActionDict } from "../../orchestration/recovery/recovery_action_dict.ts";
import type { RecoveryStorage } from "../../orchestration/recovery/recovery_storage.ts";
import { entryOf } from "../orchestration/recovery/replay_entry.ts";

export { entryOf };

/** @returns A ledger in which one action has frozen. */
export function ledgerOf(atMs: number, frozenUntilMs: number | null = null): Ledger {
  const ledger = emptyLedger();
  ledger.atMs = atMs;
  ledger.actions.set("mend", { endedMs: atMs, failures: 2, futile: 0, frozenUntilMs });
  Object.assign(ledger.counters, { executed: 3, succeeded: 1, failed: 2, skipped: 4, dryRuns: 1 });
  return ledger;
}

/** @returns A storage with lanes, by their names, and the ledger of each. */
export async function storageWith(
  lanes: Readonly<Record<string, Ledger>>,
): Promise<RecoveryStorage> {
  const storage = new MemoryRecoveryStorage();
  for (const [name, ledger] of Object.entries(lanes)) {
    await storage.commit({ sets: [{ key: laneKeys(name).ledger, value: encodeLedger(ledger) }] });
  }
  return storage;
}

/** Adds an entry to the cluster's history. */
export async function record(storage: RecoveryStorage, entry: RecoveryActionDict): Promise<void> {
  const key = historyKey(laneKeys(CLUSTER_LANE), entry.seq);
  await storage.commit({ sets: [{ key, value: entry }] });
}
