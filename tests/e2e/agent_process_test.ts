import assert from "node:assert/strict";
import {
  type AgentModule,
  UserExecutionContext,
  UserExecutionEngine,
} from "@baton/orchestration/engines";
import { RUN, testWith } from "../config/availability/probes/probe_runs.ts";
import { CliProcess, eventually } from "./cli_process.ts";

const url = import.meta.resolve("./process_agents.ts");
const ROOT = new URL("../../", import.meta.url).pathname;

/** An engine whose agents run in processes, with what they think. */
function newEngine(process: AgentModule["process"] = {}) {
  const context = new UserExecutionContext({ userId: "ada", threadId: "t-1", runId: "r-1" });
  const names = "loop wait reach fail exit crash print flood babble chatter returnMap returnMuch " +
    "fill nobody importBare";
  const module = { url, isolation: "process", process } as const;
  const agents = new Map<string, AgentModule>([
    ["default", module],
    ["missing", { ...module, url: new URL("./no_such_file.ts", url).href }],
    ...names.split(" ").map((name) => [name, { ...module, exportName: name }] as const),
  ]);
  const thoughts: string[] = [];
  const engine = new UserExecutionEngine({
    context,
    agents,
    tools: new Map([["add", ({ a, b }) => Number(a) + Number(b)]]),
    events: {
      send: ({ type, data }) => {
        if (type === "agent_thinking") thoughts.push(String(data["reasoning"]));
      },
    },
  });
  const run = (agentName: string, input: unknown = { a: 1 }, timeoutMs = 20_000) =>
    engine.executeAgent({ agentName, context, timeoutMs }, input);
  const pids = () => thoughts.flatMap((thought) => /^pid (\d+)$/.exec(thought)?.[1] ?? []);
  return { engine, run, thoughts, pids };
}

/** Asks while nothing else happens here, so that a process is not gone meanwhile. */
function isGone(pid: string | undefined): boolean {
  assert.ok(pid);
  return !new Deno.Command("kill", { args: ["-0", pid], stderr: "null" }).outputSync().success;
}

const goesAway = (pid: string | undefined) =>
  eventually(() => isGone(pid), { timeoutMs: 5_000, what: () => `the end of ${pid}` });

testWith(
  [RUN],
  "an agent in a process gets what others get, and its result comes back",
  async () => {
    const { engine, run, thoughts } = newEngine();
    const { status, result, error } = await run("default");
    assert.deepEqual({ status, error }, { status: "completed", error: null });
    assert.deepEqual(result, {
      userId: "ada",
      input: { a: 1 },
      isFrozen: true,
      sum: 3,
      refusal: ["ToolError", "unknown_tool"],
    });
    assert.ok(thoughts.includes("Looking"));
    await engine.cleanup();
  },
);

testWith(
  [RUN],
  "an agent that loops for ever is ended in time, and its process is gone",
  async () => {
    // With so much memory nothing but a signal ends it soon.
    const { engine, run, pids } = newEngine({ memoryMaxMb: 4_096 });
    const startedAt = performance.now();
    const { status } = await run("loop", null, 1_500);
    assert.equal(status, "timed_out");
    await goesAway(pids()[0]);
    assert.ok(performance.now() - startedAt < 2_500);
    assert.equal((await engine.cleanup()).stats.dead_executions, 0);
  },
);

testWith([RUN], "three agents run at once, and a cleanup ends them", async () => {
  const { engine, run, pids } = newEngine();
  const runs = [run("loop"), run("wait"), run("loop")];
  await eventually(() => pids().length === 3, { what: () => "three processes" });
  assert.equal(new Set(pids()).size, 3);
  await engine.cleanup();
  for (const { status } of await Promise.all(runs)) assert.equal(status, "cancelled");
  assert.deepEqual(pids().map(isGone), [true, true, true]);
});

testWith([RUN], "an agent in a process has no permission", async () => {
  const { engine, run } = newEngine({ env: { SECRET: "x" } });
  const { result } = await run("reach");
  const denied = "NotCapable";
  const kinds = ["env", "read", "write", "run", "net", "file", "host"];
  assert.deepEqual(result, Object.fromEntries(kinds.map((kind) => [kind, denied])));
  await engine.cleanup();
});

const FAILURES: readonly [agent: string, error: RegExp][] = [
  ["fail", /: too much$/],
  ["exit", /it ended by itself \(code 3\)/],
  ["crash", /it ended by itself \(code 1\): .*boom/s],
  ["print", /it printed more than \d+ bytes/],
  ["flood", /A line is longer than \d+ bytes/],
  ["babble", /it said what cannot be read/],
  ["chatter", /it said too much/],
  ["returnMap", /result/],
  ["returnMuch", /A message takes 5\d+ bytes, but at most \d+ are sent/],
  ["nobody", /exports no such agent/],
  ["missing", /no_such_file/],
];
for (const [agent, message] of FAILURES) {
  testWith([RUN], `an agent in a process fails as data when it does this: ${agent}`, async () => {
    const { engine, run } = newEngine();
    const { status, error } = await run(agent);
    assert.equal(status, "failed", String(error));
    assert.match(String(error), message);
    await engine.cleanup();
  });
}

testWith([RUN], "an agent that takes too much memory ends its own process only", async () => {
  const { engine, run } = newEngine({ memoryMaxMb: 64 });
  const { status, error } = await run("fill");
  assert.equal(status, "failed");
  assert.match(String(error), /it ended by itself/);
  await engine.cleanup();
  const large = newEngine({ memoryMaxMb: 512 });
  assert.equal((await large.run("fill")).result, 200);
  await large.engine.cleanup();
});

testWith([RUN], "an agent may import by bare names where its configuration is named", async () => {
  const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["info", "--json"] }).output();
  const { denoDir } = JSON.parse(new TextDecoder().decode(stdout));
  const env = { DENO_DIR: denoDir };
  const named = newEngine({ configFile: `${ROOT}deno.json`, env });
  const { result, error } = await named.run("importBare");
  assert.equal(result, "function", String(error));
  const bare = newEngine({ env });
  assert.match(String((await bare.run("importBare")).error), /js-yaml/);
  for (const { engine } of [named, bare]) await engine.cleanup();
});

testWith([RUN], "an input that is too large is a failed result", async () => {
  const { engine, run } = newEngine();
  const { status, error } = await run("default", "x".repeat(5_000_000));
  assert.equal(status, "failed");
  assert.match(String(error), /A message takes/);
  await engine.cleanup();
});

testWith([RUN], "an executable that is none is a failed result", async () => {
  const { engine, run } = newEngine({ executable: "/no/such/deno" });
  const { status, error } = await run("default");
  assert.equal(status, "failed");
  assert.match(String(error), /No such file/);
  await engine.cleanup();
});

function startHost(agent: string, flags: readonly string[]): CliProcess {
  const config = ["--config", `${ROOT}deno.json`];
  const args = [
    "run",
    "--no-prompt",
    ...config,
    ...flags,
    `${ROOT}tests/e2e/agent_process_host.ts`,
  ];
  return new CliProcess(Deno.execPath(), [...args, agent], { cwd: ROOT });
}

for (const agent of ["loop", "wait"]) {
  testWith([RUN], `a host that is killed leaves no process behind: ${agent}`, async () => {
    await using host = startHost(agent, ["--allow-run"]);
    await host.says("pid ");
    const pid = /pid (\d+)/.exec(host.out)?.[1];
    assert.equal(isGone(pid), false);
    host.kill("SIGKILL");
    await host.ends();
    await goesAway(pid);
  });
}

testWith([RUN], "a host without the permission is told what is missing", async () => {
  await using host = startHost("default", []);
  await host.says("failed");
  assert.match(host.out, /--allow-run=deno/);
  assert.equal(await host.ends(), 0);
});
