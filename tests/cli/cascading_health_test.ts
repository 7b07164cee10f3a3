import assert from "node:assert/strict";
import { CascadingHealth } from "../../cli/cascading_health.ts";
import { FallbackManager } from "../../health/fallback_manager.ts";
import { FakeClock } from "../../testing/fake_clock.ts";

Deno.test("CascadingHealth moves the mode by each document, and tells the one the node votes with", async () => {
  const manager = new FallbackManager({ clock: new FakeClock() });
  const state = {
    system: { failed_components: 2 },
    retry: { failures_1h: 0 },
    fallback: { mode: "PRIMARY", cascade_log: ["a"] },
  };
  const health = new CascadingHealth(
    { getComprehensiveState: () => Promise.resolve(state) },
    manager,
  );
  const told = await health.getComprehensiveState();
  assert.deepEqual(told.fallback, { mode: "SAFE", cascade_log: ["a"] });
  assert.equal(manager.mode, "SAFE");
  assert.deepEqual(told.system, state.system);
});
