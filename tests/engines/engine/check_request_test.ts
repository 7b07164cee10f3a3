import assert from "node:assert/strict";
import type { AgentIsolation, AgentRequest } from "../../../engines/engine/agent_request.ts";
import type { CheckedAgent } from "../../../engines/engine/agent_module.ts";
import { checkOwner, checkRequest } from "../../../engines/engine/check_request.ts";
import { checkedLimits } from "../../../engines/engine/engine_limits.ts";
import { contextOf, moduleOf } from "./engines.ts";

const context = contextOf();
const echo: CheckedAgent = ({ input }) => input;
const agents = new Map<string, CheckedAgent>([
  ["echo", echo],
  ["far", moduleOf()],
  ["apart", moduleOf({ isolation: "process" })],
]);
const limits = checkedLimits({ timeoutMs: 7_000, tierTimeoutsMs: { mid: 9_000 } });
const terms = { context, agents, limits };

Deno.test("checkRequest fills in what a request leaves out", () => {
  const checked = checkRequest({ agentName: "echo", context }, terms);
  const { context: own, ...rest } = checked;
  assert.deepEqual(rest, {
    agentName: "echo",
    source: echo,
    isolation: "inline",
    stepName: "echo",
    timeoutMs: 7_000,
    metadata: {},
    inputsUsed: [],
  });
  assert.equal(own.parentRequestId, context.requestId);
  assert.equal(own.agentContext["operation_name"], "agent_execution_echo");
});

Deno.test("checkRequest copies what it is given", () => {
  const inputsUsed = ["triage"];
  const metadata = { plan: ["a"] };
  const request = { agentName: "echo", context, stepName: "second", inputsUsed, metadata };
  const checked = checkRequest(request, terms);
  inputsUsed.push("later");
  metadata.plan.push("later");
  assert.equal(checked.stepName, "second");
  assert.deepEqual(checked.inputsUsed, ["triage"]);
  assert.deepEqual(checked.metadata, { plan: ["a"] });
});

Deno.test("checkRequest takes the time from the request, else its tier, else the engine", () => {
  const cases: [name: string, more: Partial<AgentRequest>, timeoutMs: number][] = [
    ["neither", {}, 7_000],
    ["a tier", { tier: "mid" }, 9_000],
    ["a time", { timeoutMs: 5 }, 5],
    ["both", { timeoutMs: 5, tier: "mid" }, 5],
  ];
  for (const [name, more, timeoutMs] of cases) {
    const checked = checkRequest({ agentName: "echo", context, ...more }, terms);
    assert.equal(checked.timeoutMs, timeoutMs, name);
  }
});

Deno.test("checkRequest refuses what cannot be", () => {
  const cases: [name: string, more: object, error: object][] = [
    ["no context", { context: null }, { name: "TypeError" }],
    ["the shape of a context", { context: { ...context } }, { name: "TypeError" }],
    ["another user", { context: contextOf("bob") }, { name: "ContextIsolationError" }],
    ["no such agent", { agentName: "nobody" }, {
      name: "UnknownAgentError",
      message: /echo, far, apart/,
    }],
    ["a function elsewhere", { isolation: "worker" }, { name: "AgentIsolationError" }],
    ["a function apart", { isolation: "process" }, { name: "AgentIsolationError" }],
    ["less than its own", { agentName: "apart", isolation: "worker" }, {
      name: "AgentIsolationError",
      message: /never in a laxer place/,
    }],
    ["nowhere known", { agentName: "far", isolation: "cloud" }, { name: "AgentIsolationError" }],
    ["a module here", { agentName: "far", isolation: "inline" }, { name: "AgentIsolationError" }],
    ["a blank step", { stepName: " " }, { message: /stepName must/ }],
    ["a step that is no text", { stepName: 1 }, { message: /stepName must/ }],
    ["inputs that are no array", { inputsUsed: "a" }, { message: /inputsUsed must/ }],
    ["inputs that are no texts", { inputsUsed: [1] }, { message: /inputsUsed must/ }],
    ["no time", { timeoutMs: 0 }, { name: "RangeError" }],
    ["an unknown tier", { tier: "gold" }, { message: /tier must be a TimeoutTier/ }],
    ["an unknown tier beside a time", { tier: "gold", timeoutMs: 5 }, { message: /tier must/ }],
    ["metadata that are no object", { metadata: [] }, { message: /metadata must be an object/ }],
    ["metadata that are no data", { metadata: { a: () => 1 } }, { name: "InvalidRecordError" }],
  ];
  for (const [name, more, error] of cases) {
    const request = { agentName: "echo", context, ...more } as AgentRequest;
    assert.throws(() => checkRequest(request, terms), error, name);
  }
  const nothing = null as unknown as AgentRequest;
  assert.throws(() => checkRequest(nothing, terms), { message: /AgentRequest must be an object/ });
});

Deno.test("checkRequest takes where an agent runs from the request, else its module", () => {
  const cases: [agentName: string, asked: AgentIsolation | undefined, isolation: AgentIsolation][] =
    [
      ["echo", undefined, "inline"],
      ["echo", "inline", "inline"],
      ["far", undefined, "worker"],
      ["far", "worker", "worker"],
      ["far", "process", "process"],
      ["apart", undefined, "process"],
      ["apart", "process", "process"],
    ];
  for (const [agentName, asked, isolation] of cases) {
    const more = asked === undefined ? {} : { isolation: asked };
    const checked = checkRequest({ agentName, context, ...more }, terms);
    assert.equal(checked.isolation, isolation, `${agentName} ${asked}`);
  }
});

Deno.test("checkOwner says what differs, but not whose the context is", () => {
  assert.equal(checkOwner(context, contextOf()), context);
  const cases: [given: Parameters<typeof contextOf>, message: RegExp][] = [
    [["bob-secret"], /User ID mismatch/],
    [["ada", "run-secret"], /Run ID mismatch/],
    [["ada", "run-1", "thread-secret"], /Thread ID mismatch/],
  ];
  for (const [given, message] of cases) {
    assert.throws(() => checkOwner(contextOf(...given), context), (error: Error) => {
      assert.equal(error.name, "ContextIsolationError");
      assert.match(error.message, message);
      assert.doesNotMatch(error.message, /secret/);
      return true;
    });
  }
});
