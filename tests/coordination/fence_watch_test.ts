import assert from "node:assert/strict";
import { FenceWatch } from "../../coordination/fence_watch.ts";
import { Pulse } from "../../coordination/pulse.ts";
import { ScriptedMember, type ScriptedMemberOptions } from "../support/scripted_member.ts";
import { TestStore } from "../support/test_store.ts";

const FENCE = ["fence", "n-1"];

/** A term that renews itself at a key, and its watch, in one pulse. */
async function setUp(test: TestStore, options: ScriptedMemberOptions = {}) {
  const handle = test.handle();
  const pulse = new Pulse(test.port(handle), () => 0.5);
  const { versionstamp } = await test.raw.set(FENCE, "stands");
  const term = Object.assign(new ScriptedMember(["lease"], options), {
    check: { key: FENCE, versionstamp },
  });
  let gone = 0;
  const watch = new FenceWatch(term, () => gone++);
  const dispose = async () => {
    await test.until(Promise.all([pulse.remove(term), pulse.remove(watch)]));
  };
  return { handle, pulse, term, watch, gone: () => gone, [Symbol.asyncDispose]: dispose };
}

Deno.test("FenceWatch goes along with each renewal, in the same commit, and is silent while the fence stands", async () => {
  using test = await TestStore.open();
  await using a = await setUp(test);
  a.pulse.add(a.term);
  a.pulse.add(a.watch);
  await test.clock.advance(3_500);
  assert.equal(a.handle.sent.length, 3);
  for (const { checks } of a.handle.sent) {
    assert.deepEqual(checks.map(({ key }) => key), [["lease"], FENCE]);
  }
  assert.equal(a.term.counts.committed, 3);
  assert.equal(a.gone(), 0);
});

Deno.test("FenceWatch tells when the fence is gone, or another's, and the renewal's own check holds", async () => {
  const cases: { name: string; change: (kv: Deno.Kv) => Promise<unknown> }[] = [
    { name: "gone", change: (kv) => kv.delete(FENCE) },
    { name: "written again", change: (kv) => kv.set(FENCE, "stands") },
  ];
  for (const { name, change } of cases) {
    using test = await TestStore.open();
    await using a = await setUp(test);
    a.pulse.add(a.term);
    a.pulse.add(a.watch);
    await change(test.raw);
    await test.clock.advance(1_100);
    assert.equal(a.gone(), 1, name);
    assert.equal(a.term.counts.refused, 0, name);
  }
});

Deno.test("FenceWatch writes the renewal's nonce, so that its own commit can be told when the answer is lost", async () => {
  using test = await TestStore.open();
  await using a = await setUp(test);
  const contribution = a.watch.contribute("n-9")!;
  assert.deepEqual(contribution.witness, ["lease"]);
  assert.deepEqual(contribution.sets, [{ key: ["lease"], value: { nonce: "n-9", count: 1 } }]);
  assert.deepEqual(contribution.check, a.term.check);
});

Deno.test("FenceWatch has the term's timing and sits out when the term does", async () => {
  using test = await TestStore.open();
  const timing = { intervalMs: 300, timeoutMs: 150, usefulForMs: 20 };
  await using a = await setUp(test, { ...timing, sitsOut: () => true });
  const { intervalMs, timeoutMs, usefulForMs } = a.watch;
  assert.deepEqual({ intervalMs, timeoutMs, usefulForMs }, timing);
  assert.equal(a.watch.contribute("n"), null);
});
