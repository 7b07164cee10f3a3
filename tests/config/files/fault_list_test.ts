import assert from "node:assert/strict";
import { FaultList, FAULTS_MAX } from "../../../config/files/fault_list.ts";

const told = { path: ["a", 0], message: "bad", got: "1", expected: "2" };

Deno.test("FaultList tells faults in the order of the text", () => {
  const faults = new FaultList("f.yaml", "a\nb\n");
  faults.add({ ...told, at: 2 });
  faults.add({ ...told, at: 0, severity: "warning" });
  faults.add({ ...told, at: null });
  assert.equal(faults.count, 3);
  assert.deepEqual(faults.toArray().map(({ line, severity }) => [line, severity]), [
    [0, "error"],
    [1, "warning"],
    [2, "error"],
  ]);
  assert.ok(faults.has(["a", 0]));
  assert.ok(!faults.has(["a"]));
  assert.equal(faults.toError("CONFIG_SYNTAX").faults.length, 3);
});

Deno.test("FaultList tells the first hundred, and how many more there are", () => {
  const faults = new FaultList("f.yaml", "x".repeat(500));
  for (let at = 0; at < FAULTS_MAX + 7; at++) faults.add({ ...told, at });
  const all = faults.toArray();
  assert.equal(all.length, FAULTS_MAX + 1);
  assert.equal(all.at(-1)?.got, "7 more");
});

Deno.test("FaultList tells that there are more with the severity of the worst of those", () => {
  for (const severity of ["info", "warning", "error"] as const) {
    const faults = new FaultList("f.yaml", "x".repeat(500));
    for (let at = 0; at < FAULTS_MAX; at++) faults.add({ ...told, at });
    faults.add({ ...told, at: FAULTS_MAX, severity: "info" });
    faults.add({ ...told, at: FAULTS_MAX + 1, severity });
    assert.deepEqual(faults.toArray().at(-1)?.severity, severity);
  }
});

Deno.test("FaultList asks for hints only of faults that it tells", () => {
  const faults = new FaultList("f.yaml", "x".repeat(500));
  let count = 0;
  const hint = () => `, hint ${++count}`;
  for (let at = 0; at < FAULTS_MAX + 50; at++) faults.add({ ...told, at, hint });
  assert.equal(faults.toArray()[0]?.message, "bad, hint 1");
  assert.equal(count, FAULTS_MAX);
});
