import { isObject } from "../../enums/records/field.ts";
import { PAUSES } from "./lane_keys.ts";
import type { RecoveryStorage } from "./recovery_storage.ts";

/** Options of a pause. */
export interface PauseOptions {
  /** Why, for people; not empty. */
  readonly reason: string;
  /** Who; not empty. */
  readonly actor: string;
  /**
   * After how long it ends by itself, in ms.
   *
   * @default never: until somebody resumes
   */
  readonly expiresInMs?: number;
}

/** A pause: while there is one, recovery does nothing by itself. Keys are wire keys. */
export interface RecoveryPauseDict {
  /** Identifies it. */
  readonly id: string;
  /** Why, for people. */
  readonly reason: string;
  /** Who. */
  readonly actor: string;
  /** Since when, UTC ISO. */
  readonly since: string;
  /** Until when, UTC ISO; null for until somebody resumes. */
  readonly until: string | null;
}

/** More pauses than this are refused; those that are asked for at the same time may exceed it. */
const PAUSES_MAX = 100;
/** So many are read: however many were added at the same time. */
const LISTED_MAX = 100_000;
/** As many as one change may remove at once. */
const REMOVED_AT_ONCE_MAX = 100;
const TEXT_MAX_CHARS = 500;
/** Ten years. */
const MAX_MS = 3_650 * 86_400_000;

/**
 * Adds a pause.
 *
 * Not guaranteed: the bound to the last one. Pauses that are added at the same time do not count each
 * other, and all of them hold.
 *
 * @param storage Where pauses are kept.
 * @param options Why, who, for how long.
 * @param nowMs The moment, in ms since 1970.
 * @returns The pause.
 * @throws {TypeError} when it has no reason or nobody's name.
 * @throws {RangeError} when its time is none, or there are a hundred already.
 * @throws {StoreUnavailableError} when it cannot be known whether it holds.
 */
export async function addPause(
  storage: RecoveryStorage,
  { reason, actor, expiresInMs }: PauseOptions,
  nowMs: number,
): Promise<RecoveryPauseDict> {
  for (const [name, text] of [["reason", reason], ["actor", actor]] as const) {
    const isText = typeof text === "string" && text.trim() !== "" && text.length <= TEXT_MAX_CHARS;
    if (!isText) {
      throw new TypeError(
        `Cannot pause: the ${name} must be a text of 1 to ${TEXT_MAX_CHARS} ` +
          "characters",
      );
    }
  }
  if (expiresInMs !== undefined && !isDuration(expiresInMs)) {
    throw new RangeError(
      `Cannot pause: expiresInMs must be a number above 0 and up to ${MAX_MS}, got ${expiresInMs}`,
    );
  }
  const pauses = await storage.list(PAUSES, { limit: LISTED_MAX });
  const over = pauses.filter(({ key, value }) => !holds(decodePause(key.at(-1)!, value), nowMs));
  if (pauses.length - over.length >= PAUSES_MAX) {
    throw new RangeError(`Cannot pause: there are ${PAUSES_MAX} pauses already`);
  }
  const pause: RecoveryPauseDict = {
    id: crypto.randomUUID(),
    reason,
    actor,
    since: new Date(nowMs).toISOString(),
    until: expiresInMs === undefined ? null : new Date(nowMs + expiresInMs).toISOString(),
  };
  await storage.commit({
    sets: [{ key: [...PAUSES, pause.id], value: pause }],
    deletes: over.slice(0, REMOVED_AT_ONCE_MAX).map(({ key }) => key),
  });
  return pause;
}

/**
 * Ends pauses.
 *
 * @param storage Where pauses are kept.
 * @param id Which; undefined for all.
 * @returns Those that were ended.
 * @throws {StoreUnavailableError} when it cannot be known whether they are.
 */
export async function removePauses(
  storage: RecoveryStorage,
  id?: string,
): Promise<readonly RecoveryPauseDict[]> {
  const entries = await storage.list(PAUSES, { limit: LISTED_MAX });
  const ended = entries.filter(({ key }) => id === undefined || key.at(-1) === id);
  for (let at = 0; at < ended.length; at += REMOVED_AT_ONCE_MAX) {
    const next = ended.slice(at, at + REMOVED_AT_ONCE_MAX);
    await storage.commit({ deletes: next.map(({ key }) => key) });
  }
  return ended.map(({ key, value }) => decodePause(key.at(-1)!, value));
}

/**
 * Lists the pauses that hold.
 *
 * @param storage Where pauses are kept.
 * @param nowMs The moment, in ms since 1970.
 * @returns The pauses; one that cannot be read holds, as nobody can tell what it says.
 * @throws {StoreUnavailableError} when there is no answer in time.
 */
export async function listPauses(
  storage: RecoveryStorage,
  nowMs: number,
): Promise<readonly RecoveryPauseDict[]> {
  const entries = await storage.list(PAUSES, { limit: LISTED_MAX });
  return entries.map(({ key, value }) => decodePause(key.at(-1)!, value))
    .filter((pause) => holds(pause, nowMs));
}

function holds({ until }: RecoveryPauseDict, nowMs: number): boolean {
  return until === null || Date.parse(until) > nowMs;
}

function isDuration(value: unknown): boolean {
  return typeof value === "number" && value > 0 && value <= MAX_MS;
}

function decodePause(id: string, value: unknown): RecoveryPauseDict {
  const pause = value as RecoveryPauseDict;
  const isUntil = (until: unknown) =>
    until === null || (typeof until === "string" && !Number.isNaN(Date.parse(until)));
  const isPause = isObject(value) && typeof pause.reason === "string" &&
    typeof pause.actor === "string" && typeof pause.since === "string" && isUntil(pause.until);
  if (isPause) return pause;
  return { id, reason: "a pause that cannot be read", actor: "unknown", since: "", until: null };
}
