import assert from "node:assert/strict";
import { ElectionLedger } from "../../coordination/election_ledger.ts";
import { electionKeys } from "../../coordination/election_records.ts";
import { resolveLeaseTiming } from "../../coordination/lease_timing.ts";
import { releaseTerm } from "../../coordination/release_term.ts";
import { FENCES, takeOver, TERM_KEY } from "../support/candidates.ts";
import { connectionRefused, type Fault, lostReply, repeatedByClient } from "../support/faults.ts";
import { TestStore } from "../support/test_store.ts";

async function setUp(test: TestStore) {
  const handle = test.handle();
  const store = test.port(handle);
  const keys = electionKeys(["baton"], "e");
  const timing = resolveLeaseTiming({ leaseMs: 1_000 });
  const ledger = new ElectionLedger({
    name: "e",
    keys,
    holderId: "a",
    incarnation: "a-1",
    timing,
    store,
  });
  const { record, versionstamp } = (await ledger.take(await ledger.observe()))!;
  return { handle, held: { election: "e", keys, record, versionstamp, timing, store } };
}

async function fences(test: TestStore): Promise<number> {
  return (await Array.fromAsync(test.raw.list({ prefix: FENCES }))).length;
}

Deno.test("releaseTerm names no holder any more and takes the fence away, also when answers are lost (T2)", async () => {
  const cases: { name: string; fault?: Fault; reservedFor: string | null }[] = [
    { name: "for anybody", reservedFor: null },
    { name: "for one", reservedFor: "b" },
    { name: "a lost answer", fault: lostReply, reservedFor: null },
    { name: "sent twice", fault: repeatedByClient, reservedFor: null },
  ];
  for (const { name, fault, reservedFor } of cases) {
    using test = await TestStore.open();
    const { handle, held } = await setUp(test);
    if (fault) handle.onCommit(fault);
    await test.until(releaseTerm(held, reservedFor));
    const record = (await test.read(TERM_KEY))!;
    const { holderId, term, incarnation } = record;
    assert.deepEqual([holderId, term, incarnation], [null, 1, "a-1"], name);
    assert.equal(record["reservedFor"], reservedFor, name);
    assert.notEqual(record["nonce"], held.record.nonce, name);
    assert.equal(await fences(test), 0, name);
  }
});

Deno.test("releaseTerm leaves alone what is no longer this term", async () => {
  const cases: {
    name: string;
    change: (test: TestStore, fence: Deno.KvKey) => Promise<unknown>;
  }[] = [
    { name: "taken over", change: (test) => takeOver(test, "b") },
    {
      name: "its record was put back by hand",
      change: async ({ raw }) => {
        await raw.set(TERM_KEY, (await raw.get(TERM_KEY)).value);
      },
    },
    { name: "its record stands, but not its fence", change: ({ raw }, fence) => raw.delete(fence) },
  ];
  for (const { name, change } of cases) {
    using test = await TestStore.open();
    const { held } = await setUp(test);
    await change(test, [...FENCES, held.record.nonce]);
    const before = await test.raw.get(TERM_KEY);
    await releaseTerm(held, null);
    assert.deepEqual(await test.raw.get(TERM_KEY), before, name);
  }
});

Deno.test("releaseTerm tries three times and then says that the store was not told", async () => {
  using test = await TestStore.open();
  const { handle, held } = await setUp(test);
  handle.onCommit(connectionRefused, { times: 3 });
  const before = handle.sent.length;
  await assert.rejects(releaseTerm(held, null), {
    name: "StoreUnavailableError",
    message: /^Cannot release "e": the store is unavailable \(Error: error sending request/,
  });
  assert.equal(handle.sent.length - before, 3);
  assert.equal(await fences(test), 1);
});
