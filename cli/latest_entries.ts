import { readHistory } from "../orchestration/recovery/recovery_history.ts";
import type { RecoveryActionDict } from "../orchestration/recovery/recovery_action_dict.ts";
import type { RecoveryStorage } from "../orchestration/recovery/recovery_storage.ts";

/** Which entries are wanted. */
export interface LatestEntries {
  /** How many at most. */
  readonly limit: number;
  /** Only those that were written or repeated from this moment on, in ms since 1970. */
  readonly sinceMs?: number;
}

/** An entry that was repeated of late may stand far behind: so many are looked at, at least. */
const READ_MIN = 1_000;

/**
 * Reads the latest entries of lanes, by when they were written or last repeated.
 *
 * @param storage Where they stand.
 * @param lanes The names of the lanes.
 * @param wanted How many, and since when.
 * @returns The entries, the latest one last.
 */
export async function readLatest(
  storage: RecoveryStorage,
  lanes: readonly string[],
  { limit, sinceMs = -Infinity }: LatestEntries,
): Promise<readonly RecoveryActionDict[]> {
  const entries = await readHistory(storage, lanes, { limit: Math.max(limit, READ_MIN) });
  return entries.filter((entry) => lastMs(entry) >= sinceMs)
    .toSorted((a, b) => lastMs(a) - lastMs(b) || a.seq - b.seq)
    .slice(-limit);
}

function lastMs({ timestamp, last_repeated_at: last }: RecoveryActionDict): number {
  return Date.parse(last ?? timestamp);
}
