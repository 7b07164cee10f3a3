import assert from "node:assert/strict";
import { BallotCounters } from "../../../coordination/ballots/ballot_counters.ts";
import { BallotKeys } from "../../../coordination/ballots/ballot_keys.ts";
import { parseMarks, RetentionLedger } from "../../../coordination/ballots/retention_ledger.ts";
import { connectionRefused, lostReply } from "../../support/faults.ts";
import { TestStore } from "../../support/test_store.ts";

const KEY = new BallotKeys("c").retention;
const DAY_MS = 86_400_000;

/** A process that leads from its first `sync` on. */
function process(test: TestStore, retainMs = DAY_MS) {
  const handle = test.handle();
  const counters = new BallotCounters();
  const context = {
    store: test.port(handle),
    keys: new BallotKeys("c"),
    instanceId: "l",
    timeoutMs: 200,
    counters,
  };
  return { ledger: new RetentionLedger(context, retainMs), handle, counters };
}

async function decidedStamp({ raw }: TestStore): Promise<string> {
  return (await raw.set(["decided"], crypto.randomUUID())).versionstamp;
}

Deno.test("RetentionLedger saves few times, and less and less often", async () => {
  using test = await TestStore.open();
  const { ledger, handle } = process(test);
  const savedAtMs: number[] = [];
  for (let ms = 0; ms < DAY_MS + 7_200_000; ms += ms < 60_000 ? 1_000 : 10_000) {
    await test.clock.advance(ms - test.clock.monotonic() + startMs(test));
    await ledger.sync();
    if (ms === 0) ledger.note([await decidedStamp(test)]);
    if (handle.sent.length > savedAtMs.length) savedAtMs.push(ms);
  }
  assert.deepEqual(savedAtMs.slice(0, 6), [1_000, 2_000, 3_000, 4_000, 5_000, 7_000]);
  assert.ok(savedAtMs.length < 60, `${savedAtMs.length}`);
  const [first] = parseMarks(await test.raw.get(KEY));
  assert.equal(first?.ageMs, DAY_MS);
  assert.ok(savedAtMs.at(-1)! <= DAY_MS + DAY_MS / 16, "then there is nothing more to say");
});

const starts = new WeakMap<TestStore, number>();
function startMs(test: TestStore): number {
  if (!starts.has(test)) starts.set(test, test.clock.monotonic());
  return starts.get(test)!;
}

Deno.test("RetentionLedger adds up what processes saw, and counts no time that nobody saw", async () => {
  using test = await TestStore.open();
  const stamp = await decidedStamp(test);
  let processes = 0;
  for (let horizon = ""; horizon === ""; processes++) {
    assert.ok(processes < 10);
    const { ledger } = process(test, 60_000);
    for (let second = 0; second <= 10; second++) {
      await ledger.sync();
      ledger.note([stamp]);
      horizon ||= ledger.horizon();
      if (second < 10) await test.clock.advance(1_000);
    }
    await test.clock.advance(1_000_000);
  }
  assert.ok(processes >= 6 && processes <= 8, `${processes}`);
});

Deno.test("RetentionLedger learns from a leader in between, and does no harm beside one", async () => {
  using test = await TestStore.open();
  const stamp = await decidedStamp(test);
  const [a, b] = [process(test, 60_000).ledger, process(test, 60_000).ledger];
  for (let second = 0; second < 59; second++) {
    for (const ledger of second < 30 ? [a] : second < 40 ? [b] : [a, b]) {
      await ledger.sync();
      ledger.note([stamp]);
      assert.equal(ledger.horizon(), "", `after ${second} s`);
    }
    await test.clock.advance(1_000);
  }
  await test.clock.advance(6_000);
  for (const ledger of [a, b]) {
    await ledger.sync();
    assert.equal(ledger.horizon(), stamp);
  }
});

Deno.test("RetentionLedger writes what cannot be read anew, and what has failed again", async () => {
  using test = await TestStore.open();
  await test.raw.set(KEY, "odd");
  const { ledger, handle, counters } = process(test);
  await ledger.sync();
  assert.equal(counters.getMetrics().corruptRecords, 1);
  ledger.note([await decidedStamp(test)]);
  await test.clock.advance(1_000);
  handle.onCommit(connectionRefused);
  await assert.rejects(ledger.sync(), { code: "STORE_UNAVAILABLE" });
  handle.onCommit(lostReply);
  await ledger.sync();
  assert.equal(parseMarks(await test.raw.get(KEY)).length, 1);
});

Deno.test("RetentionLedger that knows of nothing reads once and writes nothing", async () => {
  using test = await TestStore.open();
  const { ledger, handle } = process(test);
  for (let second = 0; second < 100; second++) {
    await ledger.sync();
    await test.clock.advance(1_000);
  }
  assert.deepEqual([handle.reads, handle.sent.length], [1, 0]);
});

Deno.test("parseMarks takes nothing that cannot have been seen before it was written", () => {
  const entry = (value: unknown) => ({ key: KEY, value, versionstamp: "05" });
  const cases = [
    { name: "no list", marks: "odd" },
    { name: "no mark", marks: [null] },
    { name: "a stamp to come", marks: [{ versionstamp: "05", ageMs: 1 }] },
    { name: "no stamp", marks: [{ versionstamp: 4, ageMs: 1 }] },
    { name: "no age", marks: [{ versionstamp: "04", ageMs: "1" }] },
    { name: "a negative age", marks: [{ versionstamp: "04", ageMs: -1 }] },
    { name: "an endless age", marks: [{ versionstamp: "04", ageMs: Infinity }] },
  ];
  for (const { name, marks } of cases) {
    assert.throws(() => parseMarks(entry({ v: 1, marks })), { code: "CORRUPT_RECORD" }, name);
  }
  const marks = [{ versionstamp: "04", ageMs: 1 }];
  assert.deepEqual(parseMarks(entry({ v: 1, marks })), marks);
  assert.deepEqual(parseMarks({ key: KEY, value: null, versionstamp: null }), []);
});

Deno.test("RetentionLedger holds what it saved, and forgets everything when the store was set back", async () => {
  using test = await TestStore.open();
  const { ledger } = process(test, 60_000);
  ledger.note([await decidedStamp(test)]);
  assert.equal(await ledger.holds(), false, "nothing was saved yet");
  await ledger.sync();
  await test.clock.advance(60_000);
  await ledger.sync();
  assert.equal(await ledger.holds(), true);
  assert.notEqual(ledger.horizon(), "");
  await test.raw.delete(KEY);
  assert.equal(await ledger.holds(), false);
  assert.equal(ledger.horizon(), "");
});
