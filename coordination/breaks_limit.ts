/** Deno checks these before it sends anything. */
const REFUSED_BY_DENO = /^(Too many|Value too large|Key too large|Total)/i;
/** A server checks these before it touches the store; Deno gives its answer as text. */
const REFUSED_BY_SERVER =
  /^KV Connect failed to call .*\(status=400\b[^)]*\): (Too many|A key exceeds|A value exceeds|The total)/;

/**
 * Tells what no store will ever take from an outage that passes.
 *
 * @param error What a call to the store threw.
 * @returns Whether the call broke a limit; then nothing was written.
 */
export function breaksLimit(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof TypeError) return REFUSED_BY_DENO.test(error.message);
  return REFUSED_BY_SERVER.test(error.message);
}
