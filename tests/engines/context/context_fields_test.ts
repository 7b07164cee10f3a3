import assert from "node:assert/strict";
import { systemClock } from "../../../clock.ts";
import {
  MAX_OPERATION_DEPTH,
  partsFromOptions,
  partsOfChild,
  readClock,
  readIds,
  readRequestId,
  readSocketId,
  readValues,
  withTrail,
} from "../../../engines/context/context_fields.ts";
import { FakeClock } from "../../../testing/fake_clock.ts";

const clock = new FakeClock();
const options = { userId: "ada", threadId: "t-1", runId: "r-1", requestId: "q-1", clock };
const TIME = "2026-01-01T00:00:00.000Z";

Deno.test("partsFromOptions fills in what was not given", () => {
  const { fields } = partsFromOptions(options);
  assert.deepEqual(fields, {
    userId: "ada",
    threadId: "t-1",
    runId: "r-1",
    requestId: "q-1",
    websocketClientId: null,
    createdAt: TIME,
    operationDepth: 0,
    parentRequestId: null,
    agentContext: {},
    auditMetadata: {
      context_created_at: TIME,
      context_version: "1.0",
      isolation_verified: true,
      operation_depth: 0,
    },
  });
  const { requestId: _, ...others } = options;
  const made = [1, 2].map(() => partsFromOptions(others).fields.requestId);
  assert.match(made[0]!, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.notEqual(made[0], made[1]);
});

Deno.test("partsFromOptions names the field that is wrong", () => {
  const cases: [field: string, options: unknown][] = [
    ["options", null],
    ["options", "ada"],
    ["user_id", { ...options, userId: "test" }],
    ["thread_id", { ...options, threadId: "temp_1" }],
    ["run_id", { ...options, runId: 5 }],
    ["request_id", { ...options, requestId: "a:b" }],
    ["websocket_client_id", { ...options, websocketClientId: " " }],
    ["agent_context", { ...options, agentContext: { run_id: "x" } }],
    ["audit_metadata", { ...options, auditMetadata: 5 }],
    ["clock", { ...options, clock: {} }],
    ["clock", { ...options, clock: { now: () => NaN, after: () => () => {} } }],
    ["clock", { ...options, clock: { now: () => 1n, after: () => () => {} } }],
    ["id_rules", { ...options, idRules: 5 }],
  ];
  for (const [field, given] of cases) {
    assert.throws(() => partsFromOptions(given), { name: "InvalidContextError", field }, field);
  }
});

Deno.test("partsOfChild keeps whose work it is and adds to the data", async () => {
  const root = partsFromOptions({
    ...options,
    websocketClientId: "ws-1",
    agentContext: { a: { deep: 1 }, b: 1 },
    auditMetadata: { source: "web" },
  });
  await clock.advance(1000);
  const child = partsOfChild(root, "plan", { agentContext: { b: 2 }, auditMetadata: { step: 1 } });
  const { requestId, createdAt, ...fields } = child.fields;
  assert.notEqual(requestId, "q-1");
  assert.equal(Date.parse(createdAt) - Date.parse(root.fields.createdAt), 1000);
  assert.deepEqual(fields, {
    userId: "ada",
    threadId: "t-1",
    runId: "r-1",
    websocketClientId: "ws-1",
    operationDepth: 1,
    parentRequestId: "q-1",
    agentContext: {
      a: { deep: 1 },
      b: 2,
      parent_operation: "root",
      operation_name: "plan",
      operation_depth: 1,
    },
    auditMetadata: {
      source: "web",
      step: 1,
      context_created_at: createdAt,
      context_version: "1.0",
      isolation_verified: true,
      operation_depth: 1,
    },
  });
  assert.equal(child.fields.agentContext["a"], root.fields.agentContext["a"]);
  const grandchild = partsOfChild(child, "act", {});
  assert.equal(grandchild.fields.agentContext["parent_operation"], "plan");
  assert.equal(grandchild.fields.parentRequestId, requestId);
});

Deno.test("partsOfChild refuses what a child must not be", () => {
  const root = partsFromOptions(options);
  const cases: [field: string, operation: unknown, additions: unknown][] = [
    ["operation_name", " ", {}],
    ["operation_name", 5, {}],
    ["additions", "plan", null],
    ["agent_context", "plan", { agentContext: { operation_name: "other" } }],
    ["agent_context", "plan", { agentContext: { parent_operation: "other" } }],
    ["agent_context", "plan", { agentContext: { operation_depth: 0 } }],
    ["audit_metadata", "plan", { auditMetadata: { isolation_verified: true } }],
  ];
  for (const [field, operation, additions] of cases) {
    assert.throws(
      () => partsOfChild(root, operation, additions),
      { name: "InvalidContextError", field },
      field,
    );
  }
  let parts = root;
  for (let depth = 1; depth <= MAX_OPERATION_DEPTH; depth++) parts = partsOfChild(parts, "x", {});
  assert.equal(parts.fields.operationDepth, 10);
  assert.throws(() => partsOfChild(parts, "x", {}), {
    name: "InvalidContextError",
    field: "operation_depth",
    message: "Maximum operation depth (10) exceeded",
  });
});

Deno.test("withTrail overrides what an earlier trail said", () => {
  const trail = withTrail({ context_version: "0.9", operation_depth: 3, a: 1 }, TIME, 4);
  assert.deepEqual(trail, {
    a: 1,
    context_created_at: TIME,
    context_version: "1.0",
    isolation_verified: true,
    operation_depth: 4,
  });
  assert.ok(Object.isFrozen(trail));
});

Deno.test("readValues reads each value once, and says which it could not read", () => {
  let readCount = 0;
  const source = {
    get a() {
      return ++readCount;
    },
    get b(): number {
      throw new Error("no");
    },
  };
  assert.deepEqual(readValues("options", source, ["a"]), { a: 1 });
  assert.equal(readCount, 1);
  assert.throws(() => readValues("options", source, ["b"]), {
    name: "InvalidContextError",
    field: "options",
    message: 'options.b cannot be read: "no"',
  });
});

Deno.test("readIds, readRequestId, readSocketId and readClock pass on what is good", () => {
  assert.deepEqual(readIds(["a", "b", "c"], null), { userId: "a", threadId: "b", runId: "c" });
  assert.equal(readRequestId("request_id", "q-1"), "q-1");
  assert.equal(readSocketId(undefined), null);
  assert.equal(readSocketId("ws-1"), "ws-1");
  assert.equal(readClock(undefined), systemClock);
  assert.equal(readClock(clock), clock);
});
