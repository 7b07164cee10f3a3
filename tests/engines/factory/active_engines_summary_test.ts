import assert from "node:assert/strict";
import { UserExecutionEngine } from "../../../engines/engine/user_execution_engine.ts";
import { summarizeEngines } from "../../../engines/factory/active_engines_summary.ts";
import { runOf } from "./factory_case.ts";

Deno.test("summarizeEngines counts engines and users, and lists as many as were asked for", () => {
  const live = ["ada", "ada", "bob"].map((userId, index) => ({
    engine: new UserExecutionEngine({ context: runOf(userId, `r-${index}`), agents: new Map() }),
    sinceMs: index * 1_000,
    isHeld: index === 1,
    seen: { executions: 0, wasBusy: false, idleSinceMs: 2_000 },
  }));
  const summary = summarizeEngines(live, 5_000, 2);
  assert.deepEqual(summary, {
    total_active_engines: 3,
    active_users: 2,
    engines: [
      {
        engine_id: live[0]!.engine.engineId,
        user_id: "ada",
        thread_id: "t-1",
        run_id: "r-0",
        is_active: true,
        active_runs: 0,
        in_scope: false,
        age_seconds: 5,
        idle_seconds: 3,
      },
      {
        engine_id: live[1]!.engine.engineId,
        user_id: "ada",
        thread_id: "t-1",
        run_id: "r-1",
        is_active: true,
        active_runs: 0,
        in_scope: true,
        age_seconds: 4,
        idle_seconds: 0,
      },
    ],
  });
});

Deno.test("summarizeEngines says that an engine between two steps of a pipeline is not idle", () => {
  const made = new UserExecutionEngine({ context: runOf("ada"), agents: new Map() });
  const { context, engineId } = made;
  const between = { context, engineId, isActive: true, isBusy: true, activeRuns: 0 };
  const engine = between as unknown as UserExecutionEngine;
  const { engines } = summarizeEngines(
    [{
      engine,
      sinceMs: 0,
      isHeld: false,
      seen: { executions: 0, wasBusy: false, idleSinceMs: 0 },
    }],
    5_000,
    1,
  );
  assert.deepEqual([engines[0]!.active_runs, engines[0]!.idle_seconds], [0, 0]);
});

Deno.test("summarizeEngines refuses a limit that is no count", () => {
  for (const limit of [-1, NaN, 1.5, Infinity, "5", null]) {
    assert.throws(() => summarizeEngines([], 0, limit as number), {
      name: "RangeError",
      message: /^limit must be a whole number from 0 to \d+, got /,
    });
  }
  assert.deepEqual(summarizeEngines([], 0, 0).engines, []);
});
