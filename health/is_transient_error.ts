/** Codes of system errors that pass: connections that were refused, lost or too slow. */
const TRANSIENT_CODES: ReadonlySet<string> = new Set([
  "EAI_AGAIN",
  "EAGAIN",
  "EBUSY",
  "ECONNABORTED",
  "ECONNREFUSED",
  "ECONNRESET",
  "EHOSTUNREACH",
  "EINTR",
  "ENETDOWN",
  "ENETUNREACH",
  "ENOTCONN",
  "EPIPE",
  "ETIMEDOUT",
]);

/** Names of errors that pass, as the runtime gives them. */
const TRANSIENT_NAMES: ReadonlySet<string> = new Set([
  "BrokenPipe",
  "Busy",
  "CircuitProbeTimeoutError",
  "ConnectionAborted",
  "ConnectionRefused",
  "ConnectionReset",
  "Interrupted",
  "NetworkUnreachable",
  "NotConnected",
  "TimedOut",
  "TimeoutError",
  "UnexpectedEof",
  "WouldBlock",
]);

/** How `fetch` says that no answer came: a `TypeError` without a code, like those of wrong options. */
const NO_ANSWER = /^(error sending request|fetch failed|client error)/i;

const CAUSES_MAX = 5;

/**
 * Says whether an error is one of time-outs, connections or the system that may be gone at the next
 * attempt. The error counts, or what caused it. Everything else is taken for a bug or an answer.
 *
 * @param error What was thrown.
 * @returns Whether another attempt makes sense.
 *
 * @example Tell a refused connection from a bug
 * ```ts
 * import { isTransientError } from "@baton/orchestration/health";
 *
 * if (!isTransientError(new Deno.errors.ConnectionRefused("no"))) throw new Error("it may pass");
 * if (isTransientError(new RangeError("bug"))) throw new Error("it never passes");
 * ```
 */
export function isTransientError(error: unknown): boolean {
  let current = error;
  for (let depth = 0; depth < CAUSES_MAX && current instanceof Error; depth++) {
    if (isTransient(current)) return true;
    current = current.cause;
  }
  return false;
}

function isTransient(error: Error): boolean {
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  if (TRANSIENT_CODES.has(code) || TRANSIENT_NAMES.has(error.name)) return true;
  return error instanceof TypeError && NO_ANSWER.test(error.message);
}
