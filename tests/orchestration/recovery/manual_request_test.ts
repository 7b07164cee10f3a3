import assert from "node:assert/strict";
import { InvalidRecordError } from "../../../enums/records/invalid_record_error.ts";
import {
  decodeRequest,
  type ManualTrigger,
  requestOf,
} from "../../../orchestration/recovery/manual_request.ts";

const AT = { node: "node-1", nowMs: 1_000 };

Deno.test("requestOf makes what is asked for a request", () => {
  const plain = requestOf({ actionType: "__proto__" }, AT);
  assert.deepEqual(plain, {
    id: plain.id,
    action: "__proto__",
    reason: "Manual trigger",
    actor: null,
    params: {},
    force: false,
    atMs: 1_000,
    node: "node-1",
  });
  assert.notEqual(requestOf({ actionType: "__proto__" }, AT).id, plain.id);
  const given = { actionType: "a", reason: "r", actor: "kim", params: { list: [1] }, force: true };
  const { id: _, ...request } = requestOf(given, AT);
  given.params.list.push(2);
  assert.deepEqual(request, {
    action: "a",
    reason: "r",
    actor: "kim",
    params: { list: [1] },
    force: true,
    atMs: 1_000,
    node: "node-1",
  });
});

Deno.test("requestOf refuses what cannot be, by the names of the fields", () => {
  const ask = { actionType: "a" };
  const cases: [paths: string[], trigger: unknown][] = [
    [["actionType"], {}],
    [["actionType"], null],
    [["actionType"], "a"],
    [["actionType"], { actionType: "x".repeat(101) }],
    [["reason"], { ...ask, reason: "" }],
    [["reason"], { ...ask, reason: "x".repeat(501) }],
    [["actor"], { ...ask, actor: 5 }],
    [["force"], { ...ask, force: "true" }],
    [["force"], { ...ask, force: 1 }],
    [["params"], { ...ask, params: [] }],
    [["params"], { ...ask, params: { long: "x".repeat(8_000) } }],
    [["params.n"], { ...ask, params: { n: NaN } }],
    [["actionType", "force"], { actionType: 1, force: null }],
  ];
  for (const [paths, trigger] of cases) {
    assert.throws(() => requestOf(trigger as ManualTrigger, AT), (error) => {
      assert.ok(error instanceof InvalidRecordError);
      assert.deepEqual(error.faults.map(({ path }) => path), paths);
      return true;
    });
  }
});

Deno.test("decodeRequest reads what was stored, and takes no word for a yes", () => {
  const stored = JSON.parse(JSON.stringify(requestOf({ actionType: "a", actor: "kim" }, AT)));
  assert.deepEqual(decodeRequest(stored), stored);
  const broken = [
    { id: "" },
    { action: 5 },
    { action: "x".repeat(101) },
    { reason: null },
    { actor: 5 },
    { params: [] },
    { force: "no" },
    { force: undefined },
    { atMs: "1" },
    { atMs: 1e300 },
    { node: null },
  ];
  for (const fields of broken) {
    assert.equal(decodeRequest({ ...stored, ...fields }), null, JSON.stringify(fields));
  }
  for (const value of [null, undefined, 5, "x", [], {}]) assert.equal(decodeRequest(value), null);
});
