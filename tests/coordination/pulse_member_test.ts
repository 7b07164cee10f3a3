import assert from "node:assert/strict";
import { resolveLeaseTiming } from "../../coordination/lease_timing.ts";
import { PREPARE_SHARE } from "../../coordination/pulse_member.ts";

Deno.test("PREPARE_SHARE leaves room for two attempts after a preparation that took its whole time", () => {
  const { validityMs, renewMs, attemptTimeoutMs } = resolveLeaseTiming();
  const lateRenewalMs = renewMs * 1.1 + (PREPARE_SHARE + 2) * attemptTimeoutMs;
  assert.ok(lateRenewalMs < validityMs, `${lateRenewalMs} of ${validityMs} ms`);
});
