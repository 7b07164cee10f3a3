import assert from "node:assert/strict";
import { UserExecutionEngine } from "../../../engines/engine/user_execution_engine.ts";
import {
  checkedFactoryOptions,
  type ExecutionEngineFactoryOptions,
} from "../../../engines/factory/execution_engine_factory_options.ts";
import { sharedUserEngineLimits } from "../../../engines/factory/user_engine_limits.ts";
import { runOf } from "./factory_case.ts";

Deno.test("checkedFactoryOptions fills in what is not said, and keeps what engines are made of apart", () => {
  const agents = new Map();
  const { makeEngine, ...checked } = checkedFactoryOptions({ agents, limits: { timeoutMs: 7 } });
  assert.deepEqual(checked, {
    makeTimeoutMs: 30_000,
    userLimits: sharedUserEngineLimits,
    idleMs: 300_000,
    lookEveryMs: 60_000,
    drainMs: 10_000,
    parts: { agents, limits: { timeoutMs: 7 } },
  });
  assert.ok(UserExecutionEngine.is(makeEngine({ agents, context: runOf("ada") })));
});

Deno.test("checkedFactoryOptions refuses times that are out of range, with the number", () => {
  const names = ["makeTimeoutMs", "idleMs", "lookEveryMs", "drainMs"] as const;
  for (const name of names) {
    for (const ms of [-1, NaN, Infinity, 2 ** 31, "7"]) {
      const options = { agents: new Map(), [name]: ms } as ExecutionEngineFactoryOptions;
      assert.throws(() => checkedFactoryOptions(options), {
        name: "RangeError",
        message: new RegExp(`^${name} must be a number from [01] to 2147483647, got `),
      });
    }
  }
  assert.throws(() => checkedFactoryOptions({ agents: new Map(), idleMs: 0 }), RangeError);
  assert.equal(checkedFactoryOptions({ agents: new Map(), drainMs: 0 }).drainMs, 0);
});

Deno.test("checkedFactoryOptions refuses at once what every engine would refuse", () => {
  const agents = new Map();
  const module = new Map([["loop", { url: "file:///agent.ts" }]]);
  const cases: [name: string, options: unknown, error: string][] = [
    ["no agents", {}, "TypeError"],
    ["an agent that is none", { agents: new Map([["a", 7]]) }, "TypeError"],
    ["a module without workers", { agents: module }, "AgentIsolationError"],
    ["a tool that is none", { agents, tools: new Map([["a", 7]]) }, "TypeError"],
    ["a limit out of range", { agents, limits: { timeoutMs: 0 } }, "RangeError"],
  ];
  for (const [name, options, error] of cases) {
    const given = options as ExecutionEngineFactoryOptions;
    assert.throws(() => checkedFactoryOptions(given), { name: error }, name);
  }
  assert.equal(checkedFactoryOptions({ agents: module, allowWorkers: true }).parts.agents, module);
});
