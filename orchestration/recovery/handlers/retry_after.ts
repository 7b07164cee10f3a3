const SECONDS = /^\d{1,9}$/;

/**
 * Reads how long a server wants to be left alone. A date is compared with the server's own, never
 * with the clock of this machine.
 *
 * @param headers Those of its answer.
 * @returns How long, in ms; 0 when it does not say.
 */
export function retryAfterMs(headers: Headers): number {
  const text = headers.get("retry-after")?.trim() ?? "";
  if (SECONDS.test(text)) return Number(text) * 1_000;
  const waitMs = Date.parse(text) - Date.parse(headers.get("date") ?? "");
  return waitMs > 0 ? waitMs : 0;
}
