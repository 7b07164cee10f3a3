/** When a log begins anew, by UTC: `weekly` on Mondays, "" never. */
export type LogRotation = "hourly" | "daily" | "weekly" | "";

const ROTATIONS: readonly string[] = ["hourly", "daily", "weekly", ""] satisfies LogRotation[];

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const WEEK_MS = 7 * DAY_MS;
/** The first Monday after the epoch, which was a Thursday. */
const FIRST_MONDAY_MS = 4 * DAY_MS;

/** What follows the name of the log in that of a rotated file; a number where names were taken. */
const SUFFIX = /^\.(W?)(\d{4}-\d\d-\d\d)(?:T(\d\d))?(?:\.[1-9]\d{0,5})?$/;

/**
 * Reads `log_rotation`.
 *
 * @param text The text, in any letter case.
 * @returns The rotation.
 * @throws {RangeError} when it is none.
 */
export function parseLogRotation(text: string): LogRotation {
  const rotation = text.trim().toLowerCase();
  if (ROTATIONS.includes(rotation)) return rotation as LogRotation;
  const known = ROTATIONS.map((each) => `"${each}"`).join(", ");
  throw new RangeError(`Log rotation must be one of ${known}, got ${JSON.stringify(text)}`);
}

/**
 * Names the period in which a moment lies. Later periods of a rotation come later in the alphabet.
 *
 * @param rotation How long periods are.
 * @param atMs The moment, in ms since the epoch.
 * @returns Such as `2026-11-21T13` by the hour, `2026-11-21` by the day, `W2026-11-16` by the week,
 * named after its Monday; "" when a log is never rotated.
 */
export function logPeriod(rotation: LogRotation, atMs: number): string {
  switch (rotation) {
    case "hourly":
      return new Date(atMs).toISOString().slice(0, 13);
    case "daily":
      return new Date(atMs).toISOString().slice(0, 10);
    case "weekly": {
      const weeks = Math.floor((atMs - FIRST_MONDAY_MS) / WEEK_MS);
      return `W${new Date(FIRST_MONDAY_MS + weeks * WEEK_MS).toISOString().slice(0, 10)}`;
    }
    case "":
      return "";
    default:
      return rotation satisfies never;
  }
}

/**
 * Finds a name for a file that is rotated away.
 *
 * @param name Name of the log.
 * @param period Name of the period that the file is of.
 * @param taken The names in its folder.
 * @returns `name.period`, or where that is taken with the first free number, such as `name.period.1`.
 */
export function rotatedName(name: string, period: string, taken: ReadonlySet<string>): string {
  const plain = `${name}.${period}`;
  let free = plain;
  for (let number = 1; taken.has(free); number++) free = `${plain}.${number}`;
  return free;
}

/**
 * Says when what is in a rotated file ended.
 *
 * @param name Name of the log.
 * @param rotated Name of the file.
 * @returns The end of its period, in ms since the epoch; null when it is no rotated file of this log.
 */
export function rotatedUntilMs(name: string, rotated: string): number | null {
  const match = rotated.startsWith(name) ? SUFFIX.exec(rotated.slice(name.length)) : null;
  if (match === null) return null;
  const [, week = "", day = "", hour] = match;
  if (week !== "" && hour !== undefined) return null;
  const fromMs = Date.parse(`${day}T${hour ?? "00"}:00:00.000Z`);
  const rotation = hour !== undefined ? "hourly" : week !== "" ? "weekly" : "daily";
  const period = `${week}${day}${hour === undefined ? "" : `T${hour}`}`;
  if (Number.isNaN(fromMs) || logPeriod(rotation, fromMs) !== period) return null;
  return fromMs + (rotation === "hourly" ? HOUR_MS : rotation === "weekly" ? WEEK_MS : DAY_MS);
}
