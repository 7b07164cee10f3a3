import assert from "node:assert/strict";
import type { AgentSource } from "../../../engines/engine/agent_module.ts";
import type { EngineLimits } from "../../../engines/engine/engine_limits.ts";
import { UserExecutionEngine } from "../../../engines/engine/user_execution_engine.ts";
import {
  checkedFactoryOptions,
  type ExecutionEngineFactoryOptions,
} from "../../../engines/factory/execution_engine_factory_options.ts";
import { sharedUserEngineLimits } from "../../../engines/factory/user_engine_limits.ts";
import { runOf } from "./factory_case.ts";

const agents = new Map<string, AgentSource>([["quick", () => "done"]]);

Deno.test("checkedFactoryOptions fills in what is not said, and keeps what engines are made of apart", () => {
  const { makeEngine, parts, ...checked } = checkedFactoryOptions({
    agents,
    limits: { timeoutMs: 7 },
  });
  assert.deepEqual(checked, {
    makeTimeoutMs: 30_000,
    userLimits: sharedUserEngineLimits,
    idleMs: 300_000,
    lookEveryMs: 60_000,
    drainMs: 10_000,
  });
  assert.deepEqual(Object.keys(parts).sort(), ["agents", "limits", "tools"]);
  assert.equal(parts.limits?.timeoutMs, 7);
  assert.ok(UserExecutionEngine.is(makeEngine({ ...parts, context: runOf("ada") })));
});

Deno.test("checkedFactoryOptions copies: what changes afterwards changes nothing", () => {
  const given = {
    agents: new Map(agents),
    tools: new Map([["clock", () => 1]]),
    limits: { tierTimeoutsMs: { mid: 5 }, timeoutMs: 7 },
  };
  const { parts } = checkedFactoryOptions(given);
  given.agents.set("intruder", () => "gotcha");
  given.tools.clear();
  given.limits.timeoutMs = 0;
  given.limits.tierTimeoutsMs.mid = 0;
  assert.deepEqual([...parts.agents.keys()], ["quick"]);
  assert.deepEqual([...parts.tools!.keys()], ["clock"]);
  assert.deepEqual([parts.limits?.timeoutMs, parts.limits?.tierTimeoutsMs?.mid], [7, 5]);
  assert.ok(Object.isFrozen(parts));
});

Deno.test("checkedFactoryOptions refuses times that are out of range, with the number", () => {
  const names = ["makeTimeoutMs", "idleMs", "lookEveryMs", "drainMs"] as const;
  for (const name of names) {
    for (const ms of [-1, NaN, Infinity, 2 ** 31, 1.5, "7", null]) {
      const options = { agents, [name]: ms } as ExecutionEngineFactoryOptions;
      assert.throws(() => checkedFactoryOptions(options), {
        name: "RangeError",
        message: new RegExp(`^${name} must be a whole number from [01] to 2147483647, got `),
      });
    }
  }
  assert.throws(() => checkedFactoryOptions({ agents, idleMs: 0 }), RangeError);
  assert.equal(checkedFactoryOptions({ agents, drainMs: 0 }).drainMs, 0);
});

Deno.test("checkedFactoryOptions refuses at once what would fail at the first use", () => {
  const module = new Map([["loop", { url: "file:///agent.ts" }]]);
  const cases: [name: string, options: unknown, error: string, message: RegExp][] = [
    ["no options", undefined, "TypeError", /must be an object, got undefined$/],
    ["no agents", {}, "TypeError", /^agents must be a Map/],
    ["an agent that is none", { agents: new Map([["a", 7]]) }, "TypeError", /must be a function/],
    ["a module without workers", { agents: module }, "AgentIsolationError", /allowWorkers/],
    ["a tool that is none", { agents, tools: new Map([["a", 7]]) }, "TypeError", /must be a fun/],
    ["a limit out of range", { agents, limits: { timeoutMs: 0 } }, "RangeError", /^timeoutMs/],
    ["no permits", { agents, permits: {} }, "TypeError", /^permits must be UserPermits, got an/],
    ["no user limits", { agents, userLimits: {} }, "TypeError", /^userLimits must be UserEngineL/],
    ["no clock", { agents, clock: {} }, "TypeError", /^clock must have the methods of a Clock/],
    ["no maker", { agents, makeEngine: 7 }, "TypeError", /^makeEngine must be a function, got 7$/],
    ["no sink", { agents, events: 5 }, "TypeError", /^events must have a method send, got 5$/],
    ["no answer", { agents, allowWorkers: "yes" }, "TypeError", /^allowWorkers must be true or f/],
  ];
  for (const [name, options, error, message] of cases) {
    const given = options as ExecutionEngineFactoryOptions;
    assert.throws(() => checkedFactoryOptions(given), { name: error, message }, name);
  }
  const { parts } = checkedFactoryOptions({ agents: module, allowWorkers: true });
  assert.deepEqual([...parts.agents.keys()], ["loop"]);
});

Deno.test("checkedFactoryOptions refuses options that it does not know, and says what may be meant", () => {
  const cases: [options: object, message: string][] = [
    [{ idelMs: 1 }, "idelMs is no option: did you mean idleMs?"],
    [{ context: runOf("ada") }, "context is no option"],
    [{ makeTimeoutMS: 1, x: 1 }, "makeTimeoutMS is no option: did you mean makeTimeoutMs?; x is"],
  ];
  for (const [options, message] of cases) {
    const given = { agents, ...options };
    assert.throws(() => checkedFactoryOptions(given), (error: Error) => {
      return error.name === "InvalidRecordError" &&
        error.message.startsWith(`Cannot make a ExecutionEngineFactory: ${message}`);
    }, message);
  }
  const limits = { bogus: 1 } as EngineLimits;
  assert.throws(() => checkedFactoryOptions({ agents, limits }), {
    message: "Cannot make a EngineLimits: bogus is no option: known are timeoutMs, " +
      "tierTimeoutsMs, historyMaxEntries, cleanupWaitMs",
  });
});
