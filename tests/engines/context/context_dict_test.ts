import assert from "node:assert/strict";
import { dictOf, partsFromDict } from "../../../engines/context/context_dict.ts";
import { partsFromOptions, partsOfChild } from "../../../engines/context/context_fields.ts";
import { FakeClock } from "../../../testing/fake_clock.ts";

const root = partsFromOptions({
  userId: "ada",
  threadId: "t-1",
  runId: "r-1",
  requestId: "q-1",
  websocketClientId: "ws-1",
  agentContext: { shared: "agent", question: "why" },
  auditMetadata: { shared: "audit" },
  clock: new FakeClock(),
});
const child = partsOfChild(root, "plan", {});

Deno.test("dictOf writes the keys of the wire, in their order", () => {
  const dict = dictOf(root.fields, true);
  const trail = {
    context_created_at: "2026-01-01T00:00:00.000Z",
    context_version: "1.0",
    isolation_verified: true,
    operation_depth: 0,
  };
  const expected = {
    user_id: "ada",
    thread_id: "t-1",
    run_id: "r-1",
    request_id: "q-1",
    created_at: "2026-01-01T00:00:00.000Z",
    operation_depth: 0,
    parent_request_id: null,
    has_db_session: true,
    websocket_client_id: "ws-1",
    agent_context: { shared: "agent", question: "why" },
    audit_metadata: { shared: "audit", ...trail },
    websocket_connection_id: "ws-1",
    metadata: { shared: "audit", question: "why", ...trail },
    implementation: "baton",
    compatibility_layer_active: false,
  };
  assert.deepEqual(dict, expected);
  assert.deepEqual(Object.keys(dict), Object.keys(expected));
});

Deno.test("partsFromDict reads back what dictOf wrote", () => {
  for (const { fields } of [root, child, partsOfChild(child, "act", {})]) {
    const dict = JSON.parse(JSON.stringify(dictOf(fields, false)));
    assert.deepEqual(partsFromDict(dict, {}).fields, fields);
  }
});

Deno.test("partsFromDict refuses what no context wrote, by the field", () => {
  const ofRoot = dictOf(root.fields, false);
  const ofChild = dictOf(child.fields, false);
  const cases: [field: string, dict: unknown][] = [
    ["dict", null],
    ["user_id", { ...ofRoot, user_id: "temp_somebody_with_a_long_name" }],
    ["thread_id", { ...ofRoot, thread_id: "" }],
    ["run_id", { ...ofRoot, run_id: undefined }],
    ["request_id", { ...ofRoot, request_id: undefined }],
    ["created_at", { ...ofRoot, created_at: "yesterday" }],
    ["created_at", { ...ofRoot, created_at: new Date(0) }],
    ["operation_depth", { ...ofRoot, operation_depth: 11 }],
    ["operation_depth", { ...ofRoot, operation_depth: -1 }],
    ["operation_depth", { ...ofRoot, operation_depth: "1" }],
    ["parent_request_id", { ...ofRoot, parent_request_id: "q-0" }],
    ["parent_request_id", { ...ofChild, parent_request_id: null }],
    ["agent_context", { ...ofRoot, agent_context: ofChild.agent_context }],
    ["parent_operation", { ...ofChild, agent_context: {} }],
    [
      "operation_name",
      { ...ofChild, agent_context: { ...ofChild.agent_context, operation_name: 5 } },
    ],
    ["audit_metadata", { ...ofRoot, audit_metadata: { operation_name: "x" } }],
    ["options", ofRoot],
  ];
  for (const [field, dict] of cases) {
    const options = field === "options" ? null : {};
    const wanted = { name: "InvalidContextError", field };
    assert.throws(() => partsFromDict(dict, options), wanted, field);
  }
});

Deno.test("partsFromDict finds another user in what it reads", () => {
  const dict = { ...dictOf(child.fields, false), audit_metadata: { a: { user_id: "bob" } } };
  assert.throws(() => partsFromDict(dict, {}), {
    name: "ContextIsolationError",
    place: "audit_metadata.a.user_id",
  });
});

Deno.test("partsFromDict says of itself what is true, whatever the trail said", () => {
  const dict = { ...dictOf(root.fields, false), audit_metadata: { isolation_verified: false } };
  const { auditMetadata } = partsFromDict(dict, {}).fields;
  assert.equal(auditMetadata["isolation_verified"], true);
  assert.equal(auditMetadata["operation_depth"], 0);
});

Deno.test("partsFromDict accepts the placeholders that it is told to", () => {
  const dict = { ...dictOf(root.fields, false), user_id: "test_1" };
  const { fields } = partsFromDict(dict, { idRules: { allowedPrefixes: ["test_"] } });
  assert.equal(fields.userId, "test_1");
});
