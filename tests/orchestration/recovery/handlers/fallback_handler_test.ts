import assert from "node:assert/strict";
import { FallbackManager } from "../../../../health/fallback_manager.ts";
import { fallbackHandler } from "../../../../orchestration/recovery/handlers/fallback_handler.ts";
import { FakeClock } from "../../../../testing/fake_clock.ts";
import { contextOf } from "./action_fixtures.ts";

Deno.test("fallbackHandler asks for the mode as recovery, for as long as it says", () => {
  const clock = new FakeClock();
  const manager = new FallbackManager({ clock });
  const report = fallbackHandler({ mode: "SAFE", hold: 60 }, manager)(contextOf({ reason: "" }));
  assert.equal(report, "the mode is SAFE");
  const claim = manager.getMetrics().claims.find(({ owner }) => owner === "recovery");
  assert.deepEqual([claim?.mode, claim?.reason, claim?.actor, claim?.remaining_ms], [
    "SAFE",
    "restart_api",
    "restart_api",
    60_000,
  ]);
  fallbackHandler({ mode: "HEURISTIC", hold: null }, manager)(contextOf());
  const second = manager.getMetrics().claims.find(({ owner }) => owner === "recovery");
  assert.deepEqual([second?.reason, second?.remaining_ms], ["it is down", null]);
});

Deno.test("fallbackHandler fails when a higher owner holds another mode", () => {
  const manager = new FallbackManager({ clock: new FakeClock() });
  manager.requestMode("PRIMARY", { owner: "operator", reason: "a test" });
  assert.throws(() => fallbackHandler({ mode: "SAFE", hold: null }, manager)(contextOf()), {
    code: "ACTION_FAILED",
    failure: { kind: "outranked", reason: "operator holds the mode at PRIMARY: a test" },
  });
});
