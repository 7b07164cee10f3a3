import { isObject } from "../../enums/records/field.ts";
import { laneKeys } from "./lane_keys.ts";
import type { RecoveryActionDict } from "./recovery_action_dict.ts";
import type { RecoveryStorage } from "./recovery_storage.ts";

/** Which entries of a history to read. */
export interface HistoryOptions {
  /**
   * How many, the latest ones; 0 for none, at most 100,000.
   *
   * @default 50
   */
  readonly limit?: number;
  /**
   * Only entries from this moment on, in ms since 1970.
   *
   * @default all that are kept
   */
  readonly sinceMs?: number;
}

const LIMIT_DEFAULT = 50;
const LIMIT_MAX = 100_000;

/**
 * Reads the histories of lanes as one.
 *
 * @param storage Where they are kept.
 * @param lanes The names of the lanes.
 * @param options How much.
 * @returns The entries, oldest first.
 * @throws {StoreUnavailableError} when there is no answer in time.
 */
export async function readHistory(
  storage: RecoveryStorage,
  lanes: readonly string[],
  { limit = LIMIT_DEFAULT, sinceMs = -Infinity }: HistoryOptions = {},
): Promise<readonly RecoveryActionDict[]> {
  const most = typeof limit === "number" && limit >= 1 ? Math.min(Math.floor(limit), LIMIT_MAX) : 0;
  if (most === 0) return [];
  const read = await Promise.all(lanes.map(async (lane) => {
    const { history } = laneKeys(lane);
    const entries = await storage.list(history, { limit: most, reverse: true });
    return entries.map(({ value }) => value as RecoveryActionDict);
  }));
  return read.flat().filter(isObject)
    .filter(({ timestamp }) => Date.parse(timestamp) >= sinceMs)
    .sort((a, b) => Date.parse(a.timestamp) - Date.parse(b.timestamp) || a.seq - b.seq)
    .slice(-most);
}
