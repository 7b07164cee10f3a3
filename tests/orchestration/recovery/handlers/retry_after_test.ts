import assert from "node:assert/strict";
import { retryAfterMs } from "../../../../orchestration/recovery/handlers/retry_after.ts";

Deno.test("retryAfterMs reads seconds, and dates by the server's own clock", () => {
  const date = "Wed, 21 Oct 2026 07:28:00 GMT";
  const later = "Wed, 21 Oct 2026 07:28:30 GMT";
  const cases: readonly (readonly [Record<string, string>, number])[] = [
    [{}, 0],
    [{ "retry-after": "7" }, 7_000],
    [{ "retry-after": "-7" }, 0],
    [{ "retry-after": "soon" }, 0],
    [{ "retry-after": later, date }, 30_000],
    [{ "retry-after": date, date: later }, 0],
    [{ "retry-after": later }, 0],
  ];
  for (const [headers, ms] of cases) assert.equal(retryAfterMs(new Headers(headers)), ms);
});
