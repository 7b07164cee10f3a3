import assert from "node:assert/strict";
import { InvalidRecordError } from "../../../enums/mod.ts";

Deno.test("InvalidRecordError lists its faults, each with its path", () => {
  const faults = [
    { path: "", message: "must be an object, got 1" },
    { path: "config.priority", message: "is missing" },
  ];
  const error = new InvalidRecordError("ProgressEvent", faults);
  assert.equal(
    error.message,
    "Cannot make a ProgressEvent: must be an object, got 1; config.priority is missing",
  );
  assert.equal(error.recordName, "ProgressEvent");
  assert.equal(error.name, "InvalidRecordError");
  assert.deepEqual(error.faults, faults);
  assert.ok(error instanceof TypeError);
});

Deno.test("InvalidRecordError keeps all faults, and lists twenty", () => {
  const faults = Array.from({ length: 25 }, (_, i) => ({ path: `a[${i}]`, message: "is bad" }));
  const error = new InvalidRecordError("X", faults);
  assert.equal(error.faults.length, 25);
  assert.match(error.message, /a\[19\] is bad; and 5 more$/);
  assert.doesNotMatch(error.message, /a\[20\]/);
});

Deno.test("InvalidRecordError cannot be changed through its faults", () => {
  const faults = [{ path: "a", message: "is bad" }];
  const error = new InvalidRecordError("X", faults);
  faults[0]!.path = "b";
  faults.pop();
  assert.deepEqual(error.faults, [{ path: "a", message: "is bad" }]);
  assert.throws(() => (error.faults as unknown[]).push(1), TypeError);
});
