import assert from "node:assert/strict";
import { CoordinatorCounters } from "../../coordination/coordinator_counters.ts";
import type { LeaderWork } from "../../coordination/coordinator_options.ts";
import { CorruptRecordError } from "../../coordination/errors.ts";
import { holdOffice, type LeaderOfficeOptions } from "../../coordination/leader_office.ts";
import { aborted } from "../../coordination/signals.ts";
import type { Term } from "../../coordination/term.ts";
import { candidate, TERM_KEY } from "../support/candidates.ts";
import { connectionRefused } from "../support/faults.ts";
import { ScriptedMember } from "../support/scripted_member.ts";
import { TestStore } from "../support/test_store.ts";
import { touches } from "../support/tracking_kv.ts";

/** Work that ends `lingersMs` after its term. */
class Work implements LeaderWork {
  readonly log: string[] = [];
  constructor(readonly test: TestStore, readonly lingersMs = 0) {}
  async lead({ signal }: Term): Promise<void> {
    this.log.push("lead");
    await aborted(signal);
    this.log.push("stop");
    if (this.lingersMs > 0) await this.test.clock.sleep(this.lingersMs);
    this.log.push("ended");
  }
}

/** Services that note the terms in which they are led, and end `lingersMs` after they are told to. */
class Services {
  readonly log: string[] = [];
  constructor(readonly test: TestStore, readonly lingersMs = 0) {}
  async lead(term: Term, signal: AbortSignal): Promise<void> {
    this.log.push(`lead ${term.term}`);
    await aborted(AbortSignal.any([term.signal, signal]));
    if (this.lingersMs > 0) await this.test.clock.sleep(this.lingersMs);
    this.log.push("ended");
  }
}

async function setUp(
  test: TestStore,
  work?: LeaderWork,
  services: LeaderOfficeOptions["services"] = new Services(test),
) {
  const a = candidate(test, "a");
  const term = (await a.election.tryAcquire())!;
  const { pulse } = a.shared;
  const counters = new CoordinatorCounters(test.clock);
  const shutdown = new AbortController();
  const duty = new ScriptedMember(["duty"], { intervalMs: 333 });
  let opened = 0;
  const options = {
    term,
    duty,
    pulse,
    work,
    services,
    counters,
    signal: shutdown.signal,
    opened: () => opened++,
  };
  const office = holdOffice(options);
  await test.settle();
  const dispose = async () => {
    shutdown.abort();
    await test.until(office);
    await a[Symbol.asyncDispose]();
  };
  return {
    a,
    term,
    duty,
    office,
    counters,
    shutdown,
    opened: () => opened,
    [Symbol.asyncDispose]: dispose,
  };
}

const holderOf = async (test: TestStore) => (await test.read(TERM_KEY))?.["holderId"];

Deno.test("holdOffice publishes at once, tells so, and goes on once an interval with the renewals", async () => {
  using test = await TestStore.open();
  await using office = await setUp(test);
  assert.equal(office.opened(), 1);
  assert.equal(office.duty.counts.committed, 1);
  assert.equal(office.counters.read().electionWins, 1);
  const before = office.a.handle.sent.length;
  await test.clock.advance(3_330);
  const later = office.a.handle.sent.slice(before);
  assert.equal(later.length, 10);
  assert.ok(later.every((sent) => touches("duty")(sent) && touches("lease")(sent)));
});

Deno.test("holdOffice opens when the first decision could not be published, too", async () => {
  using test = await TestStore.open();
  await using a = candidate(test, "a");
  const term = (await a.election.tryAcquire())!;
  a.handle.onCommit(connectionRefused);
  const counters = new CoordinatorCounters(test.clock);
  const shutdown = new AbortController();
  let opened = 0;
  const held = holdOffice({
    term,
    duty: new ScriptedMember(["duty"]),
    pulse: a.shared.pulse,
    work: undefined,
    services: new Services(test),
    counters,
    signal: shutdown.signal,
    opened: () => opened++,
  });
  await test.settle();
  assert.equal(opened, 1);
  assert.match(counters.read().lastError!, /^StoreUnavailableError: Cannot write/);
  shutdown.abort();
  await test.until(held);
});

Deno.test("holdOffice releases the term on shutdown once the work has stopped", async () => {
  using test = await TestStore.open();
  const work = new Work(test, 200);
  await using office = await setUp(test, work);
  assert.deepEqual(work.log, ["lead"]);
  office.shutdown.abort();
  await test.clock.advance(199);
  assert.deepEqual(work.log, ["lead", "stop"]);
  assert.equal(await holderOf(test), "a");
  assert.equal(office.term.isValid(), false);
  await test.clock.advance(1);
  assert.deepEqual(work.log, ["lead", "stop", "ended"]);
  assert.equal(await holderOf(test), null);
  await office.office;
  assert.equal(office.counters.read().leadershipLosses, 0);
});

Deno.test("holdOffice does not release the term on shutdown while the work goes on, nor wait longer than the lease", async () => {
  using test = await TestStore.open();
  await using office = await setUp(test, new Work(test, 60_000));
  office.shutdown.abort();
  await test.clock.advance(1_000);
  await office.office;
  assert.equal(await holderOf(test), "a");
  await test.clock.advance(60_000);
});

Deno.test("holdOffice tells the work to stop when the term is lost, awaits it, and counts the loss", async () => {
  using test = await TestStore.open();
  const work = new Work(test, 2_000);
  await using office = await setUp(test, work);
  let hasEnded = false;
  office.office.then(() => hasEnded = true);
  await test.raw.set(TERM_KEY, { ...(await test.read(TERM_KEY))!, term: 2, holderId: "b" });
  await test.clock.advance(340);
  assert.deepEqual(work.log, ["lead", "stop"]);
  assert.equal(hasEnded, false);
  await test.clock.advance(2_000);
  assert.equal(hasEnded, true);
  const { leadershipLosses, lastError } = office.counters.read();
  assert.equal(leadershipLosses, 1);
  assert.match(lastError!, /^LeadershipLostError: .* the store names "b" in term 2$/);
});

Deno.test("holdOffice counts what the work throws, and goes on leading", async () => {
  const fails = (lead: () => Promise<void>): LeaderWork => ({ lead });
  const cases: { name: string; work: LeaderWork; faults: number; error: string | null }[] = [
    {
      name: "rejects",
      work: fails(() => Promise.reject(new Error("bug"))),
      faults: 1,
      error: "Error: bug",
    },
    {
      name: "throws",
      work: fails(() => {
        throw new Error("bug");
      }),
      faults: 1,
      error: "Error: bug",
    },
    { name: "ends early", work: fails(() => Promise.resolve()), faults: 0, error: null },
  ];
  for (const { name, work, faults, error } of cases) {
    using test = await TestStore.open();
    await using office = await setUp(test, work);
    await test.clock.advance(2_000);
    assert.equal(office.term.isValid(), true, name);
    office.shutdown.abort();
    await test.until(office.office);
    assert.equal(office.counters.read().observerFaults, faults, name);
    assert.equal(office.counters.read().lastError, error, name);
  }
});

Deno.test("holdOffice does not count work that ends with the loss of its term as a fault", async () => {
  using test = await TestStore.open();
  const work: LeaderWork = {
    lead: (term) =>
      new Promise((_, reject) =>
        term.signal.addEventListener("abort", () => reject(term.signal.reason))
      ),
  };
  await using office = await setUp(test, work);
  office.shutdown.abort();
  await test.until(office.office);
  assert.equal(office.counters.read().observerFaults, 0);
});

Deno.test("holdOffice counts a loss at once, also while the work goes on", async () => {
  using test = await TestStore.open();
  const work = new Work(test, 60_000);
  await using office = await setUp(test, work);
  await test.raw.set(TERM_KEY, { ...(await test.read(TERM_KEY))!, term: 2, holderId: "b" });
  await test.clock.advance(340);
  assert.deepEqual(work.log, ["lead", "stop"]);
  const { leadershipLosses, lastError } = office.counters.read();
  assert.equal(leadershipLosses, 1);
  assert.match(lastError!, /^LeadershipLostError: /);
  await test.clock.advance(60_000);
  await office.office;
  assert.equal(office.counters.read().leadershipLosses, 1);
});

Deno.test("holdOffice has the services led for as long as the term lasts, and waits until they have ended", async () => {
  using test = await TestStore.open();
  const services = new Services(test, 700);
  await using office = await setUp(test, undefined, services);
  let hasEnded = false;
  office.office.then(() => hasEnded = true);
  await test.clock.advance(5_000);
  assert.deepEqual(services.log, ["lead 1"]);
  office.shutdown.abort();
  await test.clock.advance(600);
  assert.equal(await holderOf(test), null, "the term is released meanwhile");
  assert.equal(hasEnded, false);
  await test.clock.advance(100);
  assert.deepEqual(services.log, ["lead 1", "ended"]);
  assert.equal(hasEnded, true);
});

Deno.test("holdOffice counts services that cannot be led, and goes on leading", async () => {
  using test = await TestStore.open();
  const key = ["baton", "work"];
  const lead = () => Promise.reject(new CorruptRecordError(key, "odd"));
  await using office = await setUp(test, undefined, { lead });
  await test.clock.advance(2_000);
  assert.equal(office.term.isValid(), true);
  const { corruptRecords, lastError } = office.counters.read();
  assert.equal(corruptRecords, 1);
  assert.match(lastError!, /^CorruptRecordError: /);
});
