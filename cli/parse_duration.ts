const MS_PER_UNIT: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
};

/**
 * Reads a duration.
 *
 * @param text A number of ms, or a number with the unit ms, s, m or h, such as "2s" or "1.5m".
 * @returns The duration in ms.
 * @throws {RangeError} when it is anything else.
 */
export function parseDuration(text: string): number {
  const [, figure, unit = "ms"] = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text.trim()) ?? [];
  const factor = MS_PER_UNIT[unit];
  const ms = Number(figure) * (factor ?? NaN);
  if (!Number.isFinite(ms)) {
    throw new RangeError(`expected ms or a duration such as 500ms, 2s or 1m, got "${text}"`);
  }
  return ms;
}

/** @returns The duration in its largest fitting unit, such as "2s", "1.5s" or "250ms". */
export function formatDuration(ms: number): string {
  const wholeMs = Math.round(ms);
  if (wholeMs < 1_000) return `${wholeMs}ms`;
  // What would be rounded to 60 of a unit is told as one of the next.
  const unit = wholeMs < 59_950 ? "s" : wholeMs < 3_597_000 ? "m" : "h";
  return `${Math.round(wholeMs / MS_PER_UNIT[unit]! * 10) / 10}${unit}`;
}
