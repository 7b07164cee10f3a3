const ISO =
  /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(?:(Z)|([+-])(\d\d):?(\d\d))?$/i;

/**
 * Reads a moment. A text without a zone is taken for UTC, because that is what programs meant that
 * wrote none. What is finer than a millisecond is cut off.
 *
 * @param value A `Date`, or an ISO 8601 text with date and time, years 0000 to 9999.
 * @returns The moment as `YYYY-MM-DDTHH:mm:ss.sssZ`; undefined when it is none.
 */
export function readUtcTime(value: unknown): string | undefined {
  if (value instanceof Date) return isoText(value);
  return typeof value === "string" ? readIsoText(value) : undefined;
}

function readIsoText(text: string): string | undefined {
  if (isOwnForm(text)) return text;
  const parts = ISO.exec(text);
  if (parts === null) return undefined;
  const [, day, minute, second = "00", fraction = "", , sign, offsetHours, offsetMinutes] = parts;
  const millis = fraction.slice(0, 3).padEnd(3, "0");
  const local = new Date(`${day}T${minute}:${second}.${millis}Z`);
  // The runtime reads 30 February as 2 March.
  if (isoText(local)?.slice(0, 10) !== day) return undefined;
  if (sign === undefined) return isoText(local);
  if (Number(offsetHours) > 23 || Number(offsetMinutes) > 59) return undefined;
  const offsetMs = (Number(offsetHours) * 60 + Number(offsetMinutes)) * 60_000;
  return isoText(new Date(local.getTime() - (sign === "-" ? -offsetMs : offsetMs)));
}

/** @returns Whether the text is as it would be written: a quick answer for what programs hand over. */
function isOwnForm(text: string): boolean {
  if (text.length !== 24 || !text.endsWith("Z")) return false;
  const date = new Date(text);
  return !Number.isNaN(date.getTime()) && date.toISOString() === text;
}

/** @returns The text of a date; undefined when it is invalid or its year has not four digits. */
function isoText(date: Date): string | undefined {
  if (Number.isNaN(date.getTime())) return undefined;
  const text = date.toISOString();
  return text.length === 24 ? text : undefined;
}
