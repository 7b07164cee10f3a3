import assert from "node:assert/strict";
import { CircuitOpenError, CircuitProbeTimeoutError } from "../../health/circuit_breaker_errors.ts";
import { isTransientError } from "../../health/is_transient_error.ts";

const coded = (code: string) => Object.assign(new Error("system"), { code });
const open = { breaker: "b", state: "OPEN", retryAfterMs: 5, manual: null } as const;
let endless = new Error("endless");
endless.cause = endless;
endless = new Error("outer", { cause: endless });

const cases: readonly [name: string, error: unknown, expected: boolean][] = [
  ["a refused connection", new Deno.errors.ConnectionRefused(), true],
  ["a lost connection", new Deno.errors.ConnectionReset(), true],
  ["a timeout of the system", new Deno.errors.TimedOut(), true],
  ["a timeout of a signal", new DOMException("late", "TimeoutError"), true],
  ["a code of the system", coded("ECONNRESET"), true],
  ["fetch without an answer", new TypeError("error sending request for url (http://a/)"), true],
  ["fetch that failed", new TypeError("fetch failed"), true],
  ["a transient cause", new Error("wrapped", { cause: coded("EPIPE") }), true],
  ["a probe that took too long", new CircuitProbeTimeoutError("b", 5), true],
  ["an open breaker", new CircuitOpenError(open), false],
  ["a missing file", new Deno.errors.NotFound(), false],
  ["a missing permission", new Deno.errors.NotCapable(), false],
  ["a bug", new TypeError("x is not a function"), false],
  ["an abort", new DOMException("stop", "AbortError"), false],
  ["a text", "ECONNRESET", false],
  ["causes that go in a circle", endless, false],
];

for (const [name, error, expected] of cases) {
  Deno.test(`isTransientError says ${expected} for ${name}`, () => {
    assert.equal(isTransientError(error), expected);
  });
}
