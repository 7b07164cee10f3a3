import assert from "node:assert/strict";
import type { AgentListener, AgentPort } from "../../../engines/engine/agent_port.ts";
import type { AgentProcessOptions } from "../../../engines/engine/agent_process_options.ts";
import { openAgentProcess } from "../../../engines/engine/open_agent_process.ts";
import { RUN, testWith } from "../../config/availability/probes/probe_runs.ts";
import { contextOf, moduleOf } from "./engines.ts";

const url = import.meta.resolve("./worker_agents.ts");
const begin = { kind: "run", context: contextOf().toDict(), input: { a: 1 } } as const;

const deaf: AgentListener = {
  said: () => assert.fail("heard"),
  failed: () => assert.fail("heard"),
};

/** Opens a process; its outcome is the first message, or the first thing that goes wrong. */
function open(
  exportName: string,
  process: AgentProcessOptions = {},
): { port: AgentPort; outcome: Promise<unknown> } {
  const { promise: outcome, resolve } = Promise.withResolvers<unknown>();
  return {
    port: openAgentProcess(moduleOf({ url, exportName, process }), {
      said: resolve,
      failed: resolve,
    }),
    outcome,
  };
}

Deno.test({
  name: "openAgentProcess says what is missing, and asks nobody",
  permissions: { run: false },
  fn: () => {
    assert.throws(() => openAgentProcess(moduleOf(), deaf), {
      name: "Error",
      message: /--allow-run=deno/,
    });
  },
});

testWith([RUN], "openAgentProcess opens a process that speaks until it is ended", async () => {
  const { port, outcome } = open("default");
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

testWith([RUN], "openAgentProcess gives its process the environment that it is told", async () => {
  for (const [TZ, offset] of [["Etc/GMT+7", 420], ["Etc/GMT-14", -840]] as const) {
    const { port, outcome } = open("zone", { env: { TZ } });
    port.postMessage(begin);
    assert.deepEqual(await outcome, { kind: "result", value: offset });
    port.terminate();
    await port.gone;
  }
});

testWith([RUN], "openAgentProcess hears nothing more after the end", async () => {
  const port = openAgentProcess(moduleOf({ url, exportName: "loop" }), deaf);
  port.postMessage(begin);
  port.terminate();
  await port.gone;
});

testWith([RUN], "openAgentProcess says what a process printed that ended by itself", async () => {
  const { port, outcome } = open("crash");
  port.postMessage(begin);
  assert.match(String(await outcome), /^it broke: it ended by itself \(code 1\): .*boom/s);
  await port.gone;
});
