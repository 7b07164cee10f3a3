import assert from "node:assert/strict";
import {
  addContextData,
  MAX_DATA_CHARACTERS,
  MAX_DATA_VALUES,
  readContextData,
  readWrittenData,
} from "../../../engines/context/context_data.ts";

Deno.test("readContextData copies plain data and freezes it to its depths", () => {
  const given = { a: [{ b: 1 }], c: null };
  const data = readContextData("agent_context", given, "ada");
  assert.deepEqual(data, given);
  given.a[0]!.b = 2;
  assert.deepEqual(data, { a: [{ b: 1 }], c: null });
  assert.ok(Object.isFrozen(data) && Object.isFrozen(data["a"]));
  assert.ok(Object.isFrozen((data["a"] as object[])[0]));
});

Deno.test("readContextData refuses reserved keys, however they are spelled", () => {
  const keys = [
    ..."user_id thread_id run_id request_id created_at db_session websocket_client_id".split(" "),
    ..."parent_operation operation_name operation_depth context_created_at".split(" "),
    ..."context_version isolation_verified userId RUN-ID dbSession".split(" "),
    ..."user.id _user_id user__id $userId ｕｓｅｒ_id".split(" "),
    "user id ",
  ];
  for (const key of keys) {
    assert.throws(() => readContextData("audit_metadata", { [key]: "ada" }, "ada"), {
      name: "InvalidContextError",
      field: "audit_metadata",
      message: `audit_metadata contains reserved keys: ${key}`,
    });
  }
  assert.throws(() => readContextData("agent_context", { run_id: 1, x: 1, userId: 2 }, "ada"), {
    message: "agent_context contains reserved keys: run_id, userId",
  });
});

Deno.test("readContextData finds another user's id anywhere, and does not repeat it", () => {
  const cases: [name: string, data: Record<string, unknown>, place: string][] = [
    ["in an object", { order: { user_id: "bob-7" } }, "agent_context.order.user_id"],
    ["in camelCase", { order: { userId: "bob-7" } }, "agent_context.order.userId"],
    ["in capitals", { order: { USER_ID: "bob-7" } }, "agent_context.order.USER_ID"],
    ["in a list", { a: [1, [{ user_id: "bob-7" }]] }, "agent_context.a[1][0].user_id"],
    ["deep", { a: { b: { c: { "user-id": "bob-7" } } } }, 'agent_context.a.b.c["user-id"]'],
    [
      "after the own",
      { a: { user_id: "ada", b: { user_id: "bob-7" } } },
      "agent_context.a.b.user_id",
    ],
    ["among several", { a: { user_id: ["ada", "bob-7"] } }, "agent_context.a.user_id"],
    ["with two dashes", { o: { user__id: "bob-7" } }, "agent_context.o.user__id"],
    ["with blanks", { o: { "user id ": "bob-7" } }, 'agent_context.o["user id "]'],
    ["with a point", { o: { "user.id": "bob-7" } }, 'agent_context.o["user.id"]'],
    ["with a dash before", { o: { _user_id: "bob-7" } }, "agent_context.o._user_id"],
    ["in full width", { o: { "ｕｓｅｒId": "bob-7" } }, 'agent_context.o["ｕｓｅｒId"]'],
    ["in the plural", { o: { user_ids: ["ada", "bob-7"] } }, "agent_context.o.user_ids"],
    ["in the plural, on top", { userIds: ["bob-7"] }, "agent_context.userIds"],
    ["a number", { a: { user_id: 7 } }, "agent_context.a.user_id"],
    ["in other case", { a: { user_id: "ADA" } }, "agent_context.a.user_id"],
    ["below one", { a: { user_id: { user_id: "bob-7" } } }, "agent_context.a.user_id.user_id"],
  ];
  for (const [name, data, place] of cases) {
    assert.throws(() => readContextData("agent_context", data, "ada"), {
      name: "ContextIsolationError",
      userId: "ada",
      place,
      message: `Cross-user contamination: ${place} names another user`,
    }, name);
  }
});

Deno.test("readContextData accepts the user's own id and what names nobody", () => {
  const data = {
    own: { user_id: "7", userId: 7, user_ids: ["7"] },
    user_ids: [],
    others: { user_idea: "bob-7", superuser_id: "bob-7" },
    none: { user_id: null },
    schema: { properties: { user_id: { type: "string" } } },
    text: { note: "bob-7 wrote user_id: bob-7" },
  };
  assert.deepEqual(readContextData("agent_context", data, "7"), data);
});

Deno.test("readContextData refuses what is no plain data, with its place", () => {
  const cyclic: Record<string, unknown> = {};
  cyclic["self"] = cyclic;
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();
  const deep = Array.from({ length: 70 }).reduce<object>((inner) => ({ inner }), {});
  const cases: [name: string, data: unknown, message: RegExp][] = [
    ["no object", "text", /^agent_context must be an object, got "text"$/],
    ["an array", [], /^agent_context must be an object, got an array$/],
    ["a cycle", cyclic, /^agent_context.self must not contain itself$/],
    ["a function", { f: () => 1 }, /^agent_context.f must be a value that JSON can carry/],
    ["a map", { m: new Map() }, /^agent_context.m .* got a Map$/],
    ["nothing", { u: undefined }, /^agent_context.u .* got undefined$/],
    ["a revoked proxy", revoked.proxy, /^agent_context cannot be read/],
    ["__proto__", JSON.parse('{"__proto__":{"user_id":"x"}}'), /not safe to use$/],
    ["too deep", deep, /must not be nested deeper than 64 levels$/],
    ["too many", { a: new Array(100_001).fill(0) }, /holds more than 100000 values$/],
    [
      "several",
      Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`k${i}`, () => 1])),
      /k4 .*; and 4 more$/,
    ],
  ];
  for (const [name, data, message] of cases) {
    assert.throws(
      () => readContextData("agent_context", data, "ada"),
      { name: "InvalidContextError", field: "agent_context", message },
      name,
    );
  }
});

Deno.test("readContextData bounds the characters of all keys and texts together", () => {
  const half = MAX_DATA_CHARACTERS / 2;
  const most = { a: "x".repeat(half), b: "x".repeat(half - 2) };
  assert.equal(Object.keys(readContextData("agent_context", most, "ada")).length, 2);
  const message = `agent_context must hold at most ${MAX_DATA_CHARACTERS} characters`;
  assert.throws(() => readContextData("agent_context", { ...most, c: 1 }, "ada"), { message });
});

Deno.test("readContextData keeps room for what contexts write themselves", () => {
  const most = { a: new Array(MAX_DATA_VALUES - 2).fill(0) };
  assert.ok(Object.isFrozen(readContextData("agent_context", most, "ada")));
  const tooMany = { ...most, b: 0 };
  assert.throws(() => readContextData("agent_context", tooMany, "ada"), {
    message: `agent_context must hold at most ${MAX_DATA_VALUES} values`,
  });
  const written = { ...most, context_version: "1.0", isolation_verified: true };
  const keys = Object.keys(written).slice(1);
  assert.deepEqual(readWrittenData("agent_context", written, "ada", keys).data, most);
});

Deno.test("addContextData bounds values and characters of all data together", () => {
  const most = { a: new Array(MAX_DATA_VALUES - 3).fill(0) };
  const written = { ...most, operation_name: "x", operation_depth: 1 };
  const all = addContextData("agent_context", written, { b: 0 }, "ada");
  assert.deepEqual(all, { ...written, b: 0 });
  assert.throws(() => addContextData("agent_context", written, { b: 0, c: 0 }, "ada"), {
    name: "InvalidContextError",
    field: "agent_context",
    message: `agent_context must hold at most ${MAX_DATA_VALUES} values`,
  });
  const half = "x".repeat(MAX_DATA_CHARACTERS / 2);
  assert.throws(() => addContextData("audit_metadata", { a: half }, { b: half }, "ada"), {
    field: "audit_metadata",
    message: `audit_metadata must hold at most ${MAX_DATA_CHARACTERS} characters`,
  });
});

Deno.test("addContextData judges what is added, and replaces what stands there", () => {
  const data = { a: 1, operation_name: "x" };
  assert.deepEqual(addContextData("agent_context", data, { a: 2 }, "ada"), { ...data, a: 2 });
  assert.throws(() => addContextData("agent_context", data, { operation_name: "y" }, "ada"), {
    message: "agent_context contains reserved keys: operation_name",
  });
  assert.throws(() => addContextData("agent_context", data, { user_ids: ["bob"] }, "ada"), {
    name: "ContextIsolationError",
  });
  assert.throws(() => addContextData("agent_context", data, 7, "ada"), {
    message: "agent_context must be an object, got 7",
  });
});

Deno.test("readWrittenData parts what contexts write from what they were given", () => {
  const { data, written } = readWrittenData(
    "audit_metadata",
    { source: "web", context_version: "1.0" },
    "ada",
    ["context_version"],
  );
  assert.deepEqual(data, { source: "web" });
  assert.deepEqual(written, { context_version: "1.0" });
  assert.ok(Object.isFrozen(data));
  assert.throws(() => readWrittenData("audit_metadata", { run_id: "r" }, "ada", []), {
    name: "InvalidContextError",
  });
});
