import assert from "node:assert/strict";
import { AVAILABLE, unavailable } from "../../../config/availability/feature_probe.ts";

Deno.test("unavailable keeps the reason, and cuts one without end", () => {
  assert.deepEqual(unavailable("no GPU"), { available: false, reason: "no GPU" });
  const cut = unavailable("x".repeat(5_000));
  assert.equal(!cut.available && cut.reason, "x".repeat(1_000) + "…");
});

Deno.test("unavailable puts a reason on one line that a terminal can show", () => {
  const result = unavailable("first\nsecond \x1b[31mred");
  assert.equal(!result.available && result.reason, "first second \ufffd[31mred");
});

Deno.test("results of probes are frozen", () => {
  assert.ok(Object.isFrozen(AVAILABLE));
  assert.ok(Object.isFrozen(unavailable("x")));
});
