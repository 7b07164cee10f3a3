import assert from "node:assert/strict";
import fc from "fast-check";
import { HeldTerm } from "../../coordination/held_term.ts";
import { electionKeys } from "../../coordination/election_records.ts";
import { resolveLeaseTiming } from "../../coordination/lease_timing.ts";
import { Pulse } from "../../coordination/pulse.ts";
import { LeaderElection } from "../../coordination/leader_election.ts";
import type { Term } from "../../coordination/term.ts";
import { FakeClock } from "../../testing/fake_clock.ts";
import { SimStore, type SimStoreSnapshot } from "../../testing/sim_store.ts";
import { SimTime } from "../../testing/sim_time.ts";
import { candidate, TERM_KEY } from "../support/candidates.ts";
import { hang, lostReply, repeatedByClient } from "../support/faults.ts";
import { checkAsyncProperty, checkProperty } from "../support/property.ts";
import { TestStore } from "../support/test_store.ts";

Deno.test("fences compare as texts in the order of their terms", async () => {
  using test = await TestStore.open();
  const store = test.port(test.handle());
  const fenceOf = (term: number, versionstamp: string) =>
    new HeldTerm({
      election: "e",
      keys: electionKeys(["baton"], "e"),
      record: {
        term,
        holderId: "a",
        incarnation: "a-1",
        nonce: "n",
        leaseMs: 1_000,
        storeId: "s",
        reservedFor: null,
        writtenAt: "",
      },
      versionstamp,
      sentAt: { monotonicMs: 0, wallMs: 0 },
      timing: resolveLeaseTiming(),
      store,
      pulse: new Pulse(store, () => 0.5),
    }).fence;
  const term = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
  const stamp = fc.bigInt({ min: 0n, max: 2n ** 80n - 1n }).map((n) =>
    n.toString(16).padStart(20, "0")
  );
  checkProperty(fc.property(term, stamp, term, stamp, (t1, s1, t2, s2) => {
    fc.pre(t1 !== t2);
    assert.equal(fenceOf(t1, s1) < fenceOf(t2, s2), t1 < t2);
  }));
});

/** What may happen in a small cluster of candidates. */
const step = fc.oneof(
  fc.record({ kind: fc.constant("try" as const), who: fc.nat(2) }),
  fc.record({ kind: fc.constant("resign" as const), who: fc.nat(2) }),
  fc.record({ kind: fc.constant("write" as const), who: fc.nat(2) }),
  fc.record({ kind: fc.constant("pass" as const), ms: fc.integer({ min: 1, max: 1_200 }) }),
  fc.record({
    kind: fc.constant("fault" as const),
    who: fc.nat(2),
    fault: fc.constantFrom(hang, lostReply, repeatedByClient),
  }),
);

Deno.test("terms only grow, two never hold one at once, and writes commit under the term of the record", async () => {
  await checkAsyncProperty(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      using test = await TestStore.open();
      await using all = new AsyncDisposableStack();
      const candidates = ["a", "b", "c"].map((id) => all.use(candidate(test, id)));
      let highest = 0;
      const held = new Map<number, string>();
      for (const step of steps) {
        const { election, handle } = candidates["who" in step ? step.who : 0]!;
        if (step.kind === "pass") await test.clock.advance(step.ms);
        else if (step.kind === "fault") handle.onCommit(step.fault);
        else if (step.kind === "try") await test.until(election.tryAcquire().catch(() => null));
        else if (step.kind === "resign") {
          await test.until(election.term?.resign().catch(() => {}) ?? Promise.resolve());
        } else if (election.term) {
          const { term } = election.term;
          // Faults of the store are for the election; this write is the application's own.
          const write = test.raw.atomic().check(election.term.check).set(["log"], term);
          const { ok } = await write.commit();
          const record = (await test.read(TERM_KEY))!;
          if (ok) assert.equal(record["term"], term, "a write of a deposed leader committed");
        }
        const leaders = candidates.filter(({ election }) => election.term !== null);
        assert.ok(leaders.length <= 1, "two lead at once");
        for (const { election } of leaders) {
          const { term, holderId } = election.term!;
          assert.equal(held.get(term) ?? holderId, holderId, `term ${term} was held twice`);
          held.set(term, holderId);
          assert.ok(term >= highest, `term ${term} after ${highest}`);
          highest = term;
        }
      }
      for (const { handle } of candidates) handle.heal();
    }),
    60,
  );
});

/** What may happen on a store of which backups are made and restored. */
const restoringStep = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("take" as const), who: fc.nat(2) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("resign" as const), who: fc.nat(2) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("backup" as const) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("restore" as const), which: fc.nat(3) }) },
);

Deno.test("writes commit under the term whose record stands, and no other ever held, on a store that is set back again and again", async () => {
  let restoredStamps = 0;
  await checkAsyncProperty(
    fc.asyncProperty(fc.array(restoringStep, { minLength: 3, maxLength: 20 }), async (steps) => {
      const time = new SimTime();
      const store = new SimStore({ time });
      const clock = new FakeClock({ time });
      const kv = store.open();
      const timing = { leaseMs: 1_000, renewMs: 300, clock, random: () => 0.5 };
      const candidates = ["a", "b", "c"].map((holderId) =>
        new LeaderElection({ kv: store.open(), name: "e", holderId, storePath: "x://y", ...timing })
      );
      const backups: SimStoreSnapshot[] = [store.snapshot()];
      const held: { readonly term: Term; readonly nonce: unknown; readonly stamp: string }[] = [];
      const record = () => store.peek<{ nonce: unknown }>(TERM_KEY);
      const settle = async <T>(promise: Promise<T>) => {
        await clock.advance(20);
        return await promise.catch(() => null);
      };
      for (const step of steps) {
        if (step.kind === "backup") backups.push(store.snapshot());
        else if (step.kind === "restore") store.restore(backups[step.which % backups.length]!);
        else if (step.kind === "resign") {
          await settle(candidates[step.who]!.term?.resign() ?? Promise.resolve());
        } else {
          const term = await settle(candidates[step.who]!.tryAcquire());
          const { value, versionstamp } = record();
          if (term && held.every((one) => one.term !== term)) {
            held.push({ term, nonce: value!.nonce, stamp: versionstamp! });
          }
        }
        for (const { term, nonce, stamp } of held) {
          const { value, versionstamp } = record();
          const stands = value?.nonce === nonce;
          if (!stands && versionstamp === stamp) restoredStamps++;
          const { ok } = await kv.atomic().check(term.check).commit();
          assert.equal(ok, stands, `${term.holderId} in term ${term.term}`);
        }
      }
      await clock.advance(10_000);
      await settle(Promise.all(candidates.map((one) => one[Symbol.asyncDispose]())));
    }),
    200,
  );
  assert.ok(restoredStamps > 0, "no versionstamp came a second time: the case that matters");
});
