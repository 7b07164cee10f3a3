import assert from "node:assert/strict";
import { isSameEnd, type SentEnd, UnheardEnds } from "../../../coordination/work/unheard_ends.ts";
import type { WorkRecord } from "../../../coordination/work/work_record.ts";
import type { Transition } from "../../../coordination/work/work_transitions.ts";

const end = (how: SentEnd["how"], nonce: string, more: Partial<WorkRecord> = {}): SentEnd => ({
  how,
  transition: { record: { nonce, result: null, ...more } } as Transition,
});

Deno.test("UnheardEnds sends the same end again as it was, and another one beside it", () => {
  const first = end("completed", "n-1", { result: "1" });
  const failed = end("failed", "n-4", { error: "no" });
  const cases: [string, SentEnd, string, boolean][] = [
    ["the first", first, "n-1", false],
    ["the same result", end("completed", "n-2", { result: "1" }), "n-1", true],
    ["another result", end("completed", "n-3", { result: "2" }), "n-3", false],
    ["a failure", failed, "n-4", false],
    ["a failure with another text", end("failed", "n-5", { error: "of all" }), "n-4", true],
    ["a release", end("released", "n-6"), "n-6", false],
    ["the first again", end("completed", "n-7", { result: "1" }), "n-1", true],
  ];
  const ends = new UnheardEnds();
  for (const [name, given, nonce, isRepeated] of cases) {
    const sent = ends.send(given);
    assert.deepEqual([sent.transition.record.nonce, sent.isRepeated], [nonce, isRepeated], name);
  }
  assert.equal(ends.recordedBy("n-1"), first);
  assert.equal(ends.recordedBy("n-4"), failed);
  for (const nonce of ["n-2", null, undefined]) assert.equal(ends.recordedBy(nonce), undefined);
  ends.clear();
  assert.equal(ends.recordedBy("n-1"), undefined);
  assert.equal(ends.send(first).isRepeated, false);
});

Deno.test("UnheardEnds forgets the oldest of more than ten", () => {
  const ends = new UnheardEnds();
  for (let i = 0; i < 11; i++) ends.send(end("completed", `n-${i}`, { result: String(i) }));
  assert.equal(ends.recordedBy("n-0"), undefined);
  assert.ok(ends.recordedBy("n-1"));
});

Deno.test("isSameEnd compares how it ended and with what result, whatever the error's text", () => {
  const cases: [string, SentEnd, Parameters<typeof isSameEnd>[1], string | null, boolean][] = [
    ["the same result", end("completed", "n", { result: "1" }), "completed", "1", true],
    ["another result", end("completed", "n", { result: "1" }), "completed", "2", false],
    ["a failure of any text", end("failed", "n", { error: "no" }), "failed", null, true],
    ["a release", end("released", "n"), "released", null, true],
    ["another way", end("released", "n"), "failed", null, false],
  ];
  for (const [name, sent, how, result, isSame] of cases) {
    assert.equal(isSameEnd(sent, how, result), isSame, name);
  }
});
