import { isObject } from "../enums/records/field.ts";
import type { RecoveryTerm } from "../orchestration/recovery/recovery_lane.ts";
import type { RecoveryStorage, StorageKey } from "../orchestration/recovery/recovery_storage.ts";

/** What a leading coordinator says of its recovery: one small record, written under its fence. */
export interface RecoveryDuty {
  /** The node that leads. */
  readonly node: string;
  /** Its term: a record of another one says nothing about the present leader. */
  readonly term: number;
  /** Whether recovery is switched on. */
  readonly enabled: boolean;
  /** Whether actions are only told of. */
  readonly dry_run: boolean;
  /** Why its file, as it stands on the disk, is not in force; null when it is. */
  readonly rejected: string | null;
}

const DUTY: StorageKey = ["duty"];
const REASON_MAX_CHARS = 500;

/**
 * Puts on record how a leader does recovery.
 *
 * @param storage Where it stands.
 * @param duty How.
 * @param fence Its term; nothing is written once that is over.
 * @throws {StoreUnavailableError} when it cannot be known whether it is stored.
 */
export async function writeDuty(
  storage: RecoveryStorage,
  duty: RecoveryDuty,
  fence: RecoveryTerm,
): Promise<void> {
  const rejected = duty.rejected && duty.rejected.slice(0, REASON_MAX_CHARS);
  await storage.commit({ sets: [{ key: DUTY, value: { ...duty, rejected } }], fence });
}

/**
 * Reads what the last leader that did recovery said of it.
 *
 * @param storage Where it stands.
 * @returns It; null for nothing, or what cannot be read.
 * @throws {StoreUnavailableError} when there is no answer in time.
 */
export async function readDuty(storage: RecoveryStorage): Promise<RecoveryDuty | null> {
  const value = (await storage.get(DUTY))?.value;
  if (!isObject(value)) return null;
  const { node, term, enabled, dry_run, rejected = null } = value as Partial<RecoveryDuty>;
  const isDuty = typeof node === "string" && typeof term === "number" &&
    typeof enabled === "boolean" && typeof dry_run === "boolean" &&
    (rejected === null || typeof rejected === "string");
  return isDuty ? { node, term, enabled, dry_run, rejected } : null;
}
