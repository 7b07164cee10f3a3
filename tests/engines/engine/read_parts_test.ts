import assert from "node:assert/strict";
import { readAgents, readTools } from "../../../engines/engine/read_parts.ts";

const echo = ({ input }: { input: unknown }) => input;

Deno.test("readAgents copies functions and modules", () => {
  const given = new Map<string, unknown>([["echo", echo], ["far", { url: "FILE:///a/../b.ts" }]]);
  const agents = readAgents(given, true);
  given.clear();
  assert.deepEqual([...agents.keys()], ["echo", "far"]);
  assert.equal(agents.get("echo"), echo);
  const url = "file:///b.ts";
  const rest = { isolation: "worker", process: { memoryMaxMb: 256, env: {} } };
  assert.deepEqual(agents.get("far"), { url, exportName: "default", ...rest });
  assert.ok(Object.isFrozen(agents.get("far")));
  const named = readAgents(new Map([["far", { url, exportName: "run" }]]), true);
  assert.deepEqual(named.get("far"), { url, exportName: "run", ...rest });
});

Deno.test("readAgents refuses names under which an agent could never run", () => {
  for (const name of ["x".repeat(241), "spaced ", "new\nline"]) {
    const agents = new Map([[name, echo]]);
    assert.throws(() => readAgents(agents, true), { name: "InvalidContextError" }, name);
  }
  assert.equal(readAgents(new Map([["x".repeat(240), echo]]), true).size, 1);
});

Deno.test("readAgents refuses what is no agent", () => {
  const url = "file:///b.ts";
  const cases: [name: string, agents: unknown, message: RegExp][] = [
    ["nothing", undefined, /^agents must be a Map, got undefined/],
    ["an object", { echo }, /^agents must be a Map/],
    ["a blank name", new Map([[" ", echo]]), /^agents must have names that are not blank/],
    ["a name that is no text", new Map([[1, echo]]), /^agents must have names/],
    ["a text", new Map([["a", "echo"]]), /The agent "a" must be a function/],
    ["no url", new Map([["a", {}]]), /The url of the agent "a" must be absolute/],
    ["a relative url", new Map([["a", { url: "./b.ts" }]]), /must be absolute, got ".\/b.ts"/],
    [
      "a blank export",
      new Map([["a", { url, exportName: "" }]]),
      /The exportName of the agent "a"/,
    ],
    [
      "an export that is no text",
      new Map([["a", { url, exportName: 1 }]]),
      /must be a name, got 1/,
    ],
  ];
  for (const [name, agents, message] of cases) {
    assert.throws(() => readAgents(agents, true), { name: "TypeError", message }, name);
  }
});

Deno.test("readAgents refuses modules where workers are not allowed", () => {
  const agents = new Map([["far", { url: "file:///b.ts" }]]);
  assert.throws(() => readAgents(agents, false), {
    name: "AgentIsolationError",
    agentName: "far",
    message: /allowWorkers: true/,
  });
  assert.equal(readAgents(new Map([["echo", echo]]), false).size, 1);
});

Deno.test("readTools copies functions, and refuses everything else", () => {
  const given = new Map<string, unknown>([["search", echo]]);
  const tools = readTools(given);
  given.clear();
  assert.deepEqual([...tools], [["search", echo]]);
  assert.equal(readTools(undefined).size, 0);
  const cases: [tools: unknown, message: RegExp][] = [
    [[], /^tools must be a Map/],
    [new Map([["", echo]]), /^tools must have names/],
    [new Map([["search", 1]]), /^The tool "search" must be a function, got 1/],
  ];
  for (const [tools, message] of cases) {
    assert.throws(() => readTools(tools), { name: "TypeError", message });
  }
});
