import assert from "node:assert/strict";
import { RUN, testWith } from "../../config/availability/probes/probe_runs.ts";
import { contextOf } from "./engines.ts";

/** Starts a process that serves an agent, which is given as source. */
function start(agent: string): Deno.ChildProcess {
  const server = import.meta.resolve("../../../engines/engine/serve_agent_process.ts");
  const module = `data:application/javascript,${encodeURIComponent(`export default ${agent}`)}`;
  const source = `import { serveAgentProcess } from ${JSON.stringify(server)};
    serveAgentProcess(() => import(${JSON.stringify(module)}), "default");`;
  return new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--quiet", "--no-prompt", "--no-lock", "--v8-flags=--max-old-space-size=64"],
      `data:application/javascript,${encodeURIComponent(source)}`,
    ],
    env: { NO_COLOR: "1" },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** Tells a process to begin, and closes its input when it has said something. */
async function serve(agent: string) {
  const child = start(agent);
  const input = child.stdin.getWriter();
  const begin = { kind: "run", context: contextOf().toDict(), input: 5 };
  await input.write(new TextEncoder().encode(JSON.stringify(begin) + "\n"));
  const err = new Response(child.stderr).text();
  let out = "";
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    if (out === "") await input.close();
    out += text;
  }
  return { out, err: await err, status: await child.status };
}

testWith([RUN], "serveAgentProcess keeps what is printed out of its messages", async () => {
  const methods = ["log", "info", "debug", "dir", "table", "group", "count", "clear"];
  const prints = methods.map((name) => `console.${name}("printed");`).join("");
  const { out, err, status } = await serve(`({ input }) => {
    ${prints} console.time("t"); console.timeLog("t"); console.timeEnd("t");
    return input + 1;
  }`);
  assert.deepEqual(JSON.parse(out), { kind: "result", value: 6 });
  assert.equal(err.split("printed").length - 1, methods.length);
  assert.equal(status.code, 0);
});

testWith([RUN], "serveAgentProcess ends with its input, even while the agent loops", async () => {
  const { out, status } = await serve(`({ think }) => { think("now"); while (true); }`);
  assert.match(out, /"now"/);
  assert.equal(status.success, false);
});

testWith([RUN], "serveAgentProcess says what cannot be sent", async () => {
  const cases: [agent: string, message: RegExp][] = [
    ["() => () => 1", /result/],
    ["() => 5n", /result/],
    [`({ callTool }) => callTool("x", { a: new Map() })`, /parameters/],
    [`() => "x".repeat(5_000_000)`, /A message takes/],
  ];
  for (const [agent, message] of cases) {
    const { kind, error } = JSON.parse((await serve(agent)).out);
    assert.equal(kind, "error", agent);
    assert.match(error.message, message);
  }
});
