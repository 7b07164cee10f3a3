/** Two moments as UTC ISO texts; either may not be known. */
interface TimeSpan {
  readonly startTime?: string | null;
  readonly endTime?: string | null;
}

/** @returns How long it is from one moment to another, in seconds; null when one is not known. */
export function secondsBetween(start: string | null, end: string | null): number | null {
  if (start === null || end === null) return null;
  return (Date.parse(end) - Date.parse(start)) / 1_000;
}

/** The rule of every record that has a start and an end. */
export const ENDS_AFTER_START = {
  field: "endTime",
  message: "must not be before the start",
  isBroken: ({ startTime = null, endTime = null }: TimeSpan): boolean =>
    (secondsBetween(startTime, endTime) ?? 0) < 0,
} as const;
