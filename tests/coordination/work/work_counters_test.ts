import assert from "node:assert/strict";
import { CorruptRecordError } from "../../../coordination/errors.ts";
import { WorkCounters } from "../../../coordination/work/work_counters.ts";

Deno.test("WorkCounters counts, and tells records that cannot be read from failures", () => {
  const counters = new WorkCounters();
  counters.count("claimed");
  counters.count("claimed");
  counters.fault(new Error("down"));
  counters.fault(new CorruptRecordError(["k"], "no object"));
  const { claimed, failures, corruptRecords, completed, lastError } = counters.read();
  assert.deepEqual([claimed, failures, corruptRecords, completed], [2, 1, 1, 0]);
  assert.match(String(lastError), /CorruptRecordError.*no object/);
});

Deno.test("WorkCounters readable counts what cannot be read, and lets bugs through", () => {
  const counters = new WorkCounters();
  assert.equal(counters.readable(() => 7), 7);
  const corrupt = () => {
    throw new CorruptRecordError(["k"], "no object");
  };
  assert.equal(counters.readable(corrupt), null);
  assert.equal(counters.read().corruptRecords, 1);
  const bug = () => {
    throw new Error("bug");
  };
  assert.throws(() => counters.readable(bug), /bug/);
});
