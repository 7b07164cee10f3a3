import assert from "node:assert/strict";
import fc from "fast-check";
import { EventRing } from "../../../engines/events/event_ring.ts";
import { checkProperty } from "../../support/property.ts";

function ringOf(sizes: number[], limits: { maxEvents: number; maxBytes: number }): EventRing {
  const ring = new EventRing(limits);
  sizes.forEach((bytes, i) => ring.add({ seq: i + 1, text: String(i + 1), bytes }));
  return ring;
}

Deno.test("EventRing drops the oldest at whichever bound comes first", () => {
  const cases = [
    { name: "empty", sizes: [], kept: [], bytes: 0 },
    { name: "within both", sizes: [10, 10, 10], kept: [1, 2, 3], bytes: 30 },
    { name: "one too many", sizes: [10, 10, 10, 10], kept: [2, 3, 4], bytes: 30 },
    { name: "too many bytes", sizes: [60, 30, 20], kept: [2, 3], bytes: 50 },
    { name: "bytes to the last", sizes: [60, 20, 20], kept: [1, 2, 3], bytes: 100 },
    { name: "one that needs all", sizes: [10, 10, 100], kept: [3], bytes: 100 },
    { name: "one larger than all", sizes: [10, 500], kept: [2], bytes: 500 },
  ];
  for (const { name, sizes, kept, bytes } of cases) {
    const ring = ringOf(sizes, { maxEvents: 3, maxBytes: 100 });
    const seqs = [0, ...sizes.map((_, i) => i + 1), sizes.length + 1];
    assert.deepEqual(seqs.flatMap((seq) => ring.get(seq)?.seq ?? []), kept, name);
    assert.deepEqual([ring.bytes, ring.nextSeq], [bytes, sizes.length + 1], name);
    assert.equal(ring.oldestSeq, kept[0] ?? 1, name);
  }
});

Deno.test("EventRing keeps the newest events, and as many of them as both bounds allow", () => {
  const limits = fc.record({
    maxEvents: fc.integer({ min: 1, max: 8 }),
    maxBytes: fc.integer({ min: 1, max: 60 }),
  });
  const sizes = fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 60 });
  checkProperty(fc.property(sizes, limits, (bytes, bounds) => {
    const ring = ringOf(bytes, bounds);
    const kept = bytes.map((_, i) => ring.get(i + 1)).filter((event) => event !== undefined);
    assert.deepEqual(
      kept.map(({ seq }) => seq),
      bytes.map((_, i) => i + 1).slice(ring.oldestSeq - 1),
    );
    const sum = kept.reduce((all, event) => all + event.bytes, 0);
    assert.equal(ring.bytes, sum);
    assert.ok(kept.length <= bounds.maxEvents && (sum <= bounds.maxBytes || kept.length === 1));
    assert.ok(bytes.length === 0 || kept.length > 0);
  }));
});
