import assert from "node:assert/strict";
import { InvalidRecordError } from "../../../enums/records/invalid_record_error.ts";
import {
  type AnomalyEvent,
  byUrgency,
  coalesce,
  decodePending,
  type PendingAnomaly,
  pendingOf,
  toldForMs,
} from "../../../orchestration/recovery/anomaly_event.ts";

const AT = { node: "node-1", nowMs: 1_000 };
const EVENT: AnomalyEvent = { anomalyType: "comm_fault", severityScore: 0.5 };

function pending(fields: Partial<PendingAnomaly> = {}): PendingAnomaly {
  return { ...pendingOf(EVENT, AT), ...fields };
}

Deno.test("pendingOf makes what was told one that waits", () => {
  assert.deepEqual(pendingOf(EVENT, AT), {
    type: "comm_fault",
    severity: 0.5,
    confidence: 0,
    metadata: {},
    recurrenceCount: 0,
    firstMs: 1_000,
    lastMs: 1_000,
    told: 1,
    node: "node-1",
  });
  const metadata = { duration: 5, nested: { list: [1] } };
  const all = pendingOf({ ...EVENT, confidence: 1, recurrenceCount: 3, metadata }, AT);
  metadata.nested.list.push(2);
  assert.deepEqual(all.metadata, { duration: 5, nested: { list: [1] } });
  assert.equal(all.confidence, 1);
  assert.equal(all.recurrenceCount, 3);
});

Deno.test("pendingOf takes any name that a storage can keep", () => {
  for (
    const anomalyType of ["__proto__", "constructor", "a.b/c d", "📡".repeat(50), "x".repeat(100)]
  ) {
    const { type } = pendingOf({ ...EVENT, anomalyType }, AT);
    assert.equal(type, anomalyType);
    assert.equal(decodePending(pending({ type }))?.type, anomalyType);
  }
});

Deno.test("pendingOf refuses what cannot be, by the name of the field", () => {
  const cases: [path: string, event: unknown][] = [
    ["anomalyType", { ...EVENT, anomalyType: "" }],
    ["anomalyType", { ...EVENT, anomalyType: "x".repeat(101) }],
    ["anomalyType", { ...EVENT, anomalyType: 5 }],
    ["anomalyType", { ...EVENT, anomalyType: "a\0b" }],
    ["anomalyType", { ...EVENT, anomalyType: "\ud800" }],
    ["severityScore", { anomalyType: "x" }],
    ["severityScore", { ...EVENT, severityScore: "0.5" }],
    ["severityScore", { ...EVENT, severityScore: NaN }],
    ["severityScore", { ...EVENT, severityScore: -0.1 }],
    ["severityScore", { ...EVENT, severityScore: 1.1 }],
    ["severityScore", { ...EVENT, severityScore: Infinity }],
    ["confidence", { ...EVENT, confidence: 2 }],
    ["confidence", { ...EVENT, confidence: null }],
    ["recurrenceCount", { ...EVENT, recurrenceCount: -1 }],
    ["recurrenceCount", { ...EVENT, recurrenceCount: 1.5 }],
    ["recurrenceCount", { ...EVENT, recurrenceCount: "2" }],
    ["metadata", { ...EVENT, metadata: null }],
    ["metadata", { ...EVENT, metadata: [] }],
    ["metadata", { ...EVENT, metadata: { long: "x".repeat(8_000) } }],
    ["metadata", { ...EVENT, metadata: { long: "\u65e5".repeat(1_200) + "x".repeat(4_000) } }],
    ["metadata.at", { ...EVENT, metadata: { at: new Date(0) } }],
    ["metadata.run", { ...EVENT, metadata: { run: () => 1 } }],
    ["metadata.__proto__", { ...EVENT, metadata: JSON.parse('{"__proto__": 1}') }],
  ];
  for (const [path, event] of cases) {
    assert.throws(() => pendingOf(event as AnomalyEvent, AT), (error) => {
      assert.ok(error instanceof InvalidRecordError);
      assert.deepEqual(error.faults.map((fault) => fault.path), [path]);
      return true;
    });
  }
});

Deno.test("pendingOf names all faults at once, also of what is no event", () => {
  for (const event of [null, undefined, "x", []]) {
    assert.throws(() => pendingOf(event as unknown as AnomalyEvent, AT), (error) => {
      assert.ok(error instanceof InvalidRecordError);
      assert.deepEqual(error.faults.map(({ path }) => path), ["anomalyType", "severityScore"]);
      return true;
    });
  }
});

Deno.test("coalesce keeps the more severe telling, the first moment and each return", () => {
  const mild = pending({ severity: 0.3, confidence: 0.9, metadata: { who: "mild" } });
  const severe = pending({
    severity: 0.8,
    confidence: 0.1,
    metadata: { who: "severe" },
    firstMs: 2_000,
    lastMs: 2_000,
    node: "node-2",
  });
  const expected = {
    type: "comm_fault",
    severity: 0.8,
    confidence: 0.1,
    metadata: { who: "severe" },
    recurrenceCount: 1,
    told: 2,
  };
  const [first, second] = [{ firstMs: 1_000, lastMs: 1_000 }, { firstMs: 2_000, lastMs: 2_000 }];
  assert.deepEqual(coalesce(mild, severe), { ...expected, ...first, node: "node-1" });
  assert.deepEqual(coalesce(severe, mild), { ...expected, ...second, node: "node-2" });
});

Deno.test("coalesce takes the time from the node that told first, and from no other clock", () => {
  const first = pending();
  const cases = [
    { name: "the same node", next: { lastMs: 5_000 }, lastedMs: 4_000 },
    { name: "the same, its clock set back", next: { lastMs: 10 }, lastedMs: 0 },
    { name: "another node", next: { lastMs: 5_000, node: "node-2" }, lastedMs: 0 },
    { name: "another, behind by an hour", next: { firstMs: -3_600_000, node: "n" }, lastedMs: 0 },
  ];
  for (const { name, next, lastedMs } of cases) {
    const both = coalesce(first, pending({ firstMs: 5_000, ...next }));
    assert.equal(both.firstMs, 1_000, name);
    assert.equal(toldForMs(both), lastedMs, name);
  }
});

Deno.test("coalesce takes a count that was told if it is more, and stays a count at the end of them", () => {
  const told = pending({ recurrenceCount: 7 });
  assert.equal(coalesce(pending(), told).recurrenceCount, 7);
  assert.equal(coalesce(told, pending()).recurrenceCount, 8);
  const most = pending({ recurrenceCount: Number.MAX_SAFE_INTEGER, told: Number.MAX_SAFE_INTEGER });
  assert.notEqual(decodePending(coalesce(most, most)), null);
});

Deno.test("byUrgency puts the most severe first, of those the one that waits for longest", () => {
  const list = [
    pending({ type: "late", severity: 0.5, firstMs: 9 }),
    pending({ type: "severe", severity: 0.9, firstMs: 99 }),
    pending({ type: "early", severity: 0.5, firstMs: 1 }),
  ];
  assert.deepEqual(list.sort(byUrgency).map(({ type }) => type), ["severe", "early", "late"]);
});

Deno.test("decodePending reads what was stored, and nothing that a worker would stumble over", () => {
  const stored = JSON.parse(JSON.stringify(pending({ metadata: { a: [1] } })));
  assert.deepEqual(decodePending(stored), stored);
  const broken: Partial<Record<keyof PendingAnomaly, unknown>>[] = [
    { type: "" },
    { type: "a\0b" },
    { severity: "0.5" },
    { severity: 2 },
    { confidence: null },
    { metadata: null },
    { metadata: [] },
    { recurrenceCount: -1 },
    { recurrenceCount: 0.5 },
    { told: 0 },
    { told: 1e308 },
    { firstMs: null },
    { firstMs: 1e300 },
    { lastMs: "1" },
    { node: 5 },
  ];
  for (const fields of broken) {
    assert.equal(decodePending({ ...stored, ...fields }), null, JSON.stringify(fields));
  }
  for (const value of [null, undefined, 5, "x", [], {}]) assert.equal(decodePending(value), null);
});
