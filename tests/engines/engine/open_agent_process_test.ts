import assert from "node:assert/strict";
import type { AgentPort } from "../../../engines/engine/agent_port.ts";
import { openAgentProcess } from "../../../engines/engine/open_agent_process.ts";
import { RUN, testWith } from "../../config/availability/probes/probe_runs.ts";
import { contextOf } from "./engines.ts";

const url = import.meta.resolve("./worker_agents.ts");
const begin = { kind: "run", context: contextOf().toDict(), input: { a: 1 } } as const;

/** Waits for the first message, or for the first thing that goes wrong. */
function outcomeOf(port: AgentPort): Promise<unknown> {
  return new Promise((resolve) => {
    port.onmessage = ({ data }) => resolve(data);
    port.onerror = ({ message }) => resolve(message);
  });
}

Deno.test({
  name: "openAgentProcess says what is missing, and asks nobody",
  permissions: { run: false },
  fn: () => {
    assert.throws(() => openAgentProcess({ url }), {
      name: "Error",
      message: /--allow-run=deno/,
    });
  },
});

testWith([RUN], "openAgentProcess opens a process that speaks until it is ended", async () => {
  const port = openAgentProcess({ url });
  const outcome = outcomeOf(port);
  port.postMessage(begin);
  assert.deepEqual(await outcome, {
    kind: "think",
    reasoning: "Looking",
    progressPercentage: 50,
  });
  port.terminate();
  port.terminate();
  port.postMessage(begin);
  await port.gone;
});

testWith([RUN], "openAgentProcess hears nothing more after the end", async () => {
  const port = openAgentProcess({ url, exportName: "loop" });
  port.postMessage(begin);
  port.onmessage = port.onerror = () => assert.fail("heard");
  port.terminate();
  await port.gone;
});

testWith([RUN], "openAgentProcess says what a process printed that ended by itself", async () => {
  const port = openAgentProcess({ url, exportName: "crash" });
  const outcome = outcomeOf(port);
  port.postMessage(begin);
  assert.match(String(await outcome), /^it ended by itself \(code 1\): .*boom/s);
  await port.gone;
});
