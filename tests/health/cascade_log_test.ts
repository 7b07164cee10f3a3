import assert from "node:assert/strict";
import { CascadeLog } from "../../health/cascade_log.ts";

Deno.test("CascadeLog starts in PRIMARY and notes changes only", () => {
  const log = new CascadeLog();
  assert.equal(log.mode, "PRIMARY");
  log.record({ mode: "PRIMARY", reason: "recovered" }, "t0");
  log.record({ mode: "SAFE", reason: "resource_exhaustion" }, "t1");
  log.record({ mode: "SAFE", reason: "component_failures(2)" }, "t2");
  log.record({ mode: "PRIMARY", reason: "recovered" }, "t3");
  assert.equal(log.mode, "PRIMARY");
  assert.deepEqual(log.entries, [
    { timestamp: "t1", from: "PRIMARY", to: "SAFE", reason: "resource_exhaustion" },
    { timestamp: "t3", from: "SAFE", to: "PRIMARY", reason: "recovered" },
  ]);
});

Deno.test("CascadeLog keeps the last 10 changes", () => {
  const log = new CascadeLog();
  for (let change = 1; change <= 25; change++) {
    log.record({ mode: change % 2 ? "SAFE" : "PRIMARY", reason: `${change}` }, "t");
  }
  assert.equal(log.entries.length, 10);
  assert.equal(log.entries[0]?.reason, "16");
  assert.equal(log.entries.at(-1)?.reason, "25");
});
