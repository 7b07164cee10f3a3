import assert from "node:assert/strict";
import { readAgentModule } from "../../../engines/engine/read_agent_module.ts";

const url = "file:///agent.ts";

Deno.test("readAgentModule copies a module and fills in what it leaves out", () => {
  const process = { memoryMaxMb: 256, env: {} };
  assert.deepEqual(readAgentModule("a", { url: "file:///b/../agent.ts" }, true), {
    url,
    exportName: "default",
    isolation: "worker",
    process,
  });
  const given = { url, exportName: "x", isolation: "process", process: { executable: "deno" } };
  const read = readAgentModule("a", given, false);
  assert.deepEqual(read, { ...given, process: { ...process, executable: "deno" } });
  assert.ok(Object.isFrozen(read));
});

Deno.test("readAgentModule refuses what cannot be", () => {
  const cases: [name: string, given: object, error: object][] = [
    ["a worker that must not be", { url }, {
      name: "AgentIsolationError",
      agentName: "a",
      message: /allowWorkers: true.*isolation: "process"/,
    }],
    ["nowhere known", { url, isolation: "cloud" }, { message: /isolation .* got .*cloud/ }],
    ["inline", { url, isolation: "inline" }, { name: "TypeError" }],
    ["a relative url", { url: "./a.ts", isolation: "process" }, { message: /url .* absolute/ }],
    ["no url", { isolation: "process" }, { name: "TypeError" }],
    ["no name", { url, isolation: "process", exportName: "" }, { message: /exportName .* name/ }],
    ["a process that cannot be", { url, isolation: "process", process: { memoryMaxMb: 1 } }, {
      name: "RangeError",
    }],
  ];
  for (const [name, given, error] of cases) {
    assert.throws(() => readAgentModule("a", given, false), error, name);
  }
});
