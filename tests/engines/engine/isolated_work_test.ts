import assert from "node:assert/strict";
import { AgentEvents } from "../../../engines/engine/agent_events.ts";
import type { WorkParts } from "../../../engines/engine/agent_work.ts";
import type { HostMessage } from "../../../engines/engine/agent_message.ts";
import type { AgentListener, AgentPort } from "../../../engines/engine/agent_port.ts";
import { isolatedWork } from "../../../engines/engine/isolated_work.ts";
import { UserFacingError } from "../../../engines/user_facing_error.ts";
import { FakeClock } from "../../../testing/fake_clock.ts";
import { contextOf, moduleOf } from "./engines.ts";

const module = moduleOf();

function newWork() {
  const controller = new AbortController();
  const clock = new FakeClock();
  const context = contextOf();
  const told: HostMessage[] = [];
  let terminations = 0;
  const port: AgentPort = {
    postMessage: (message) => void told.push(message),
    terminate: () => terminations++,
    gone: Promise.resolve(),
  };
  const events = new AgentEvents({ sink: null, context, agentName: "a", clock, onFault: () => {} });
  const { signal } = controller;
  const tools = new Map();
  const parts: WorkParts = { context, input: { a: 1 }, signal, tools, events, clock };
  const listeners: AgentListener[] = [];
  const work = isolatedWork("a", module, parts, (_module, listener) => {
    listeners.push(listener);
    return port;
  });
  const { said: say, failed } = listeners[0]!;
  return { controller, port, told, work, say, failed, parts, terminations: () => terminations };
}

Deno.test("isolatedWork begins with the context and the input, and ends with the answer", async () => {
  const { told, work, say, controller, terminations, port } = newWork();
  const [first] = told;
  assert.ok(first?.kind === "run");
  assert.deepEqual(first.input, { a: 1 });
  assert.equal((first.context as { user_id: string }).user_id, "ada");
  say({ kind: "result", value: 5 });
  assert.equal(await work.answer, 5);
  assert.equal(work.endsOnAbort, true);
  assert.equal(work.gone, port.gone);
  controller.abort();
  assert.equal(terminations(), 1);
});

Deno.test("isolatedWork fails when its worker breaks, lies or says too much", async () => {
  const cases: [name: string, act: (work: ReturnType<typeof newWork>) => void, error: object][] = [
    ["throws", ({ say }) => say({ kind: "error", error: { name: "RangeError", message: "no" } }), {
      name: "RangeError",
      message: "no",
    }],
    ["throws for the user", ({ say }) => {
      say({ kind: "error", error: { name: "UserFacingError", message: "Please wait" } });
    }, new UserFacingError("Please wait")],
    ["says nothing known", ({ say }) => say({ kind: "fish" }), {
      name: "AgentIsolationError",
      message: /no message/,
    }],
    ["says null", ({ say }) => say(null), { name: "AgentIsolationError" }],
    ["floods", ({ say }) => {
      for (let i = 0; i < 10_001; i++) say({ kind: "think", reasoning: "x" });
    }, { name: "AgentIsolationError", message: /too much/ }],
    ["fails", ({ failed }) => failed("it broke: boom"), {
      name: "AgentIsolationError",
      message: /so: it broke: boom$/,
    }],
  ];
  for (const [name, act, error] of cases) {
    const work = newWork();
    const failed = assert.rejects(work.work.answer, error, name);
    act(work);
    await failed;
  }
});

Deno.test("isolatedWork says so when there is nothing to be had", () => {
  const { parts } = newWork();
  const open = () => {
    throw new Error("none");
  };
  assert.throws(() => isolatedWork("a", module, parts, open), {
    name: "AgentIsolationError",
    code: "AGENT_ISOLATION",
    agentName: "a",
    message: /so: none/,
  });
});

Deno.test("isolatedWork heeds nothing more after the run has ended", async () => {
  const { told, say, controller } = newWork();
  controller.abort();
  say({ kind: "call", id: 1, name: "any", parameters: {} });
  await Promise.resolve();
  assert.equal(told.length, 1);
});
