import assert from "node:assert/strict";
import { checkOptionNames, unknownOptions } from "../../engines/option_names.ts";
import {
  CoordinationValidator,
  DurableRuns,
  ExecutionEngineFactory,
  handleUserEvents,
  KvRunStore,
  MemoryRunStore,
  RetryingEventSink,
  UserEngineLimits,
  UserEventHub,
  UserExecutionContext,
  UserExecutionEngine,
  UserPermits,
  WorkflowOrchestrator,
} from "@baton/orchestration/engines";
import { InvalidRecordError } from "../../enums/records/invalid_record_error.ts";

const known = { idleMs: true, drainMs: true } as const;

Deno.test("checkOptionNames accepts what is known, all of it or none", () => {
  checkOptionNames("Thing", {}, known);
  checkOptionNames("Thing", { idleMs: 1, drainMs: undefined }, known);
});

Deno.test("checkOptionNames refuses all others at once, and says what may be meant", () => {
  const cases: [name: string, options: object, faults: [path: string, message: string][]][] = [
    ["a slip", { idelMs: 1 }, [["idelMs", "is no option: did you mean idleMs?"]]],
    ["another case", { IDLEMS: 1 }, [["IDLEMS", "is no option: did you mean idleMs?"]]],
    ["undefined", { what: undefined }, [["what", "is no option: known are idleMs, drainMs"]]],
    ["of every object", { toString: 1 }, [["toString", "is no option: known are idleMs, drainMs"]]],
    ["several", { idleMs: 1, a: 1, "b c": 1 }, [
      ["a", "is no option: known are idleMs, drainMs"],
      ['["b c"]', "is no option: known are idleMs, drainMs"],
    ]],
  ];
  for (const [name, options, faults] of cases) {
    assert.throws(() => checkOptionNames("Thing", options, known), (error) => {
      assert.ok(error instanceof InvalidRecordError, name);
      assert.equal(error.recordName, "Thing");
      assert.deepEqual(error.faults.map(({ path, message }) => [path, message]), faults, name);
      return true;
    });
  }
});

Deno.test("unknownOptions lists what is not known, and nothing else", () => {
  assert.deepEqual(unknownOptions({ idleMs: 1 }, ["idleMs"]), []);
  assert.deepEqual(unknownOptions({ idleMs: 1, idle: 1 }, ["idleMs"]), [
    { path: "idle", message: "is no option: did you mean idleMs?" },
  ]);
});

Deno.test("checkOptionNames refuses what is no object", () => {
  for (const options of [undefined, null, 7, "idleMs"]) {
    assert.throws(() => checkOptionNames("Thing", options, known), {
      name: "TypeError",
      message: /^The options of Thing must be an object, got /,
    });
  }
});

Deno.test("every class that takes options refuses those that there are not", () => {
  const context = new UserExecutionContext({ userId: "ada", threadId: "t-1", runId: "r-1" });
  const agents = new Map();
  const engine = new UserExecutionEngine({ context, agents });
  const store = new MemoryRunStore();
  using kv = { atomic: () => {}, [Symbol.dispose]: () => {} };
  const sink = { send: () => {} };
  const cases: [name: string, make: (odd: object) => unknown][] = [
    ["UserExecutionEngine", (odd) => new UserExecutionEngine({ context, agents, ...odd })],
    ["EngineLimits", (limits) => new UserExecutionEngine({ context, agents, limits })],
    ["ExecutionEngineFactory", (odd) => new ExecutionEngineFactory({ agents, ...odd })],
    ["UserEngineLimits", (odd) => new UserEngineLimits(odd)],
    ["UserPermits", (odd) => new UserPermits(odd)],
    ["WorkflowOrchestrator", (odd) => new WorkflowOrchestrator({ engine, ...odd })],
    ["WorkflowPolicy", (policy) => new WorkflowOrchestrator({ engine, policy })],
    ["CoordinationValidator", (odd) => new CoordinationValidator(odd)],
    ["DurableRuns", (odd) => new DurableRuns({ store, ...odd })],
    ["KvRunStore", (odd) => new KvRunStore({ kv: kv as unknown as Deno.Kv, ...odd })],
    ["UserEventHub", (odd) => new UserEventHub(odd)],
    ["RetryingEventSink", (odd) => new RetryingEventSink(sink, odd)],
  ];
  for (const [name, make] of cases) {
    make({});
    assert.throws(() => make({ surely: "not" }), /surely is no option/, name);
  }
});

Deno.test("handleUserEvents refuses options that there are not", async () => {
  using hub = new UserEventHub();
  const odd = { hub, authenticate: () => null, allowedOrigin: ["https://app.example"] };
  const asked = handleUserEvents(new Request("http://app.example"), odd);
  await assert.rejects(asked, /did you mean allowedOrigins\?/);
});
