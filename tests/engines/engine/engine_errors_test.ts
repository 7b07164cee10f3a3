import assert from "node:assert/strict";
import {
  AgentIsolationError,
  InactiveEngineError,
  UnknownAgentError,
} from "../../../engines/engine/engine_errors.ts";

const many = Array.from({ length: 11 }, (_, i) => `a${i}`);

const cases: [name: string, error: Error, expected: object][] = [
  ["InactiveEngineError", new InactiveEngineError("engine-1"), {
    name: "InactiveEngineError",
    code: "INACTIVE_ENGINE",
    engineId: "engine-1",
    message: "UserExecutionEngine engine-1 is no longer active",
  }],
  ["UnknownAgentError", new UnknownAgentError("nobody", ["triage", "data"]), {
    name: "UnknownAgentError",
    code: "UNKNOWN_AGENT",
    agentName: "nobody",
    message: 'Cannot execute the agent "nobody": the engine has triage, data',
  }],
  ["UnknownAgentError of an engine without agents", new UnknownAgentError("nobody", []), {
    message: 'Cannot execute the agent "nobody": the engine has none',
  }],
  ["UnknownAgentError of an engine with many agents", new UnknownAgentError("nobody", many), {
    message: `Cannot execute the agent "nobody": the engine has ${many.slice(0, 10).join(", ")}`,
  }],
  ["AgentIsolationError", new AgentIsolationError("far", "no workers", 7), {
    name: "AgentIsolationError",
    code: "AGENT_ISOLATION",
    agentName: "far",
    cause: 7,
    message: 'Cannot run the agent "far" so: no workers',
  }],
];

for (const [name, error, expected] of cases) {
  Deno.test(`${name} says what happened, to people and to programs`, () => {
    assert.ok(error instanceof Error);
    const shown = Object.keys(expected).map((key) => [key, Reflect.get(error, key)]);
    assert.deepEqual(Object.fromEntries(shown), expected);
  });
}
