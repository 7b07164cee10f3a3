import assert from "node:assert/strict";
import { EntrySweep } from "../../../coordination/work/entry_sweep.ts";
import { TestStore } from "../../support/test_store.ts";

const options = { timeoutMs: 1_000 };

Deno.test("EntrySweep times each entry from when it first met that version of it", async () => {
  using test = await TestStore.open();
  const sweep = new EntrySweep(test.port(test.handle()), ["p"]);
  await test.raw.set(["p", "old"], 1);
  const ages = async () =>
    Object.fromEntries(
      (await sweep.next(options)).map(({ entry, ageMs }) => [entry.key[1], ageMs]),
    );
  assert.deepEqual(await ages(), { old: 0 });
  await test.clock.advance(500);
  await test.raw.set(["p", "new"], 1);
  assert.deepEqual(await ages(), { old: 500, new: 0 });
  await test.clock.advance(100);
  await test.raw.set(["p", "old"], 1);
  assert.deepEqual(await ages(), { old: 0, new: 100 });
  await test.raw.delete(["p", "new"]);
  assert.deepEqual(await ages(), { old: 0 });
  await test.raw.set(["p", "new"], 1);
  assert.deepEqual(await ages(), { old: 0, new: 0 });
});

Deno.test("EntrySweep goes round page by page and meets every entry once a round", async () => {
  using test = await TestStore.open();
  for (let i = 0; i < 1_100; i++) await test.raw.set(["p", i], i);
  const sweep = new EntrySweep(test.port(test.handle()), ["p"]);
  for (let round = 0; round < 2; round++) {
    const met: unknown[] = [];
    const under: boolean[] = [];
    for (let page = 0; page < 3; page++) {
      met.push(...(await sweep.next(options)).map(({ entry }) => entry.value));
      under.push(sweep.isUnderWay);
    }
    assert.deepEqual(met, Array.from({ length: 1_100 }, (_, i) => i));
    assert.deepEqual(under, [true, true, false]);
    await test.clock.advance(10);
  }
  const ages = (await sweep.next(options)).map(({ ageMs }) => ageMs);
  assert.deepEqual([...new Set(ages)], [20]);
});

Deno.test("EntrySweep isEmpty is about the whole round, though its last page be empty", async () => {
  using test = await TestStore.open();
  const sweep = new EntrySweep(test.port(test.handle()), ["p"]);
  assert.equal(sweep.isEmpty, true, "it has met nothing yet");
  for (let i = 0; i < 500; i++) await test.raw.set(["p", i], i);
  await sweep.next(options);
  assert.deepEqual([sweep.isUnderWay, sweep.isEmpty], [true, false]);
  assert.deepEqual(await sweep.next(options), []);
  assert.deepEqual([sweep.isUnderWay, sweep.isEmpty], [false, false]);
  for (let i = 0; i < 500; i++) await test.raw.delete(["p", i]);
  await sweep.next(options);
  assert.equal(sweep.isEmpty, true);
});
