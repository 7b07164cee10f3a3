import assert from "node:assert/strict";
import { takeSnapshot } from "../../../engines/workflow/state_snapshot.ts";
import { InvalidRecordError } from "../../../enums/mod.ts";

Deno.test("takeSnapshot copies the critical fields that are there, and no others", () => {
  const state = { customer_id: "c", roi_percentage: 0, cost_analysis: undefined, other: 1 };
  assert.deepEqual(takeSnapshot(state).fields, { customer_id: "c", roi_percentage: 0 });
  const critical = { revenue: ["other"], data: [] };
  assert.deepEqual(takeSnapshot(state, critical).fields, { other: 1 });
  assert.deepEqual(takeSnapshot(Object.create({ customer_id: "inherited" })).fields, {});
});

Deno.test("takeSnapshot is not reached by what happens to the state afterwards", () => {
  const state = { cost_analysis: { rows: [1] } };
  const before = takeSnapshot(state);
  state.cost_analysis.rows.push(2);
  assert.deepEqual(before.fields, { cost_analysis: { rows: [1] } });
  assert.ok(Object.isFrozen(before) && Object.isFrozen(before.fields["cost_analysis"]));
  assert.notEqual(takeSnapshot(state).hash, before.hash);
});

Deno.test("takeSnapshot hashes with SHA-256, whatever the order of keys", () => {
  const { hash } = takeSnapshot({ roi_percentage: 1, cost_analysis: { a: 1, b: 2 } });
  assert.equal(takeSnapshot({ cost_analysis: { b: 2, a: 1 }, roi_percentage: 1 }).hash, hash);
  // Of the two characters {}
  const empty = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
  assert.equal(takeSnapshot({ other: 1 }).hash, empty);
});

Deno.test("takeSnapshot refuses what is no state", () => {
  const unreadable = {
    get customer_id(): string {
      throw new Error("no");
    },
  };
  const cases: { name: string; state: unknown; path: string }[] = [
    { name: "null", state: null, path: "" },
    { name: "an array", state: [], path: "" },
    { name: "a text", state: "x", path: "" },
    { name: "a date in it", state: { cost_analysis: new Date(0) }, path: "cost_analysis" },
    { name: "NaN in it", state: { roi_percentage: NaN }, path: "roi_percentage" },
    { name: "a field that throws", state: unreadable, path: "customer_id" },
  ];
  for (const { name, state, path } of cases) {
    assert.throws(() => takeSnapshot(state), (error: InvalidRecordError) => {
      assert.ok(error instanceof InvalidRecordError, name);
      assert.deepEqual(error.faults.map((fault) => fault.path), [path], name);
      return true;
    });
  }
});
