const BACKOFF_FACTOR = 2;
const BACKOFF_MAX_MS = 60_000;

/**
 * @param backoffMs How long to wait after the first failed attempt, in ms.
 * @param attempt Which attempt has failed, from 1.
 * @returns How long to wait, in ms: doubled with each attempt, up to a minute or the first wait if
 * that is longer.
 */
export function backoffAfter(backoffMs: number, attempt: number): number {
  const grownMs = backoffMs * BACKOFF_FACTOR ** (attempt - 1);
  return Math.min(grownMs, Math.max(BACKOFF_MAX_MS, backoffMs));
}
