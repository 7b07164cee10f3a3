import assert from "node:assert/strict";
import { InvalidRecordError } from "../../../enums/records/invalid_record_error.ts";
import { LaneMovedError, LaneOverError } from "../../../orchestration/recovery/lane_errors.ts";
import { MemoryRecoveryStorage } from "../../../orchestration/recovery/memory_recovery_storage.ts";
import { RecoveryLane, type RecoveryTerm } from "../../../orchestration/recovery/recovery_lane.ts";
import type { RecoveryStorage } from "../../../orchestration/recovery/recovery_storage.ts";
import { FakeClock } from "../../../testing/fake_clock.ts";
import { away, FaultyStorage, TestTerm } from "./machine_world.ts";

interface Lane {
  readonly lane: RecoveryLane;
  readonly clock: FakeClock;
  readonly storage: FaultyStorage;
  /** What the lane told of. */
  readonly faults: readonly Error[];
  readonly stop: () => void;
}

async function open(
  inner: RecoveryStorage = new MemoryRecoveryStorage(),
  { term = null, clock = new FakeClock() }: {
    readonly term?: RecoveryTerm | null;
    readonly clock?: FakeClock;
  } = {},
): Promise<Lane> {
  const storage = new FaultyStorage(inner);
  const controller = new AbortController();
  const { signal } = controller;
  const faults: Error[] = [];
  const fault = (error: Error) => void faults.push(error);
  const lane = new RecoveryLane({
    storage,
    name: "cluster",
    node: "n",
    term,
    signal,
    clock,
    fault,
  });
  await lane.load();
  return { lane, clock, storage, faults, stop: () => controller.abort() };
}

/** Adds one to a counter of the ledger. */
function count({ lane }: Lane): Promise<void> {
  return lane.transact(({ ledger }) => void ledger.counters.executed++);
}

/** Waits for what needs the clock to go on. */
async function after(clock: FakeClock, work: Promise<unknown>, ms = 10_000): Promise<unknown> {
  const outcome = work.then((value) => value, (error) => error);
  await clock.advance(ms);
  return await outcome;
}

Deno.test("RecoveryLane makes changes one after the other, in the order in which they were asked for", async () => {
  const here = await open();
  const order: string[] = [];
  await Promise.all([
    here.lane.transact(async () => {
      await Promise.resolve();
      order.push("first");
    }),
    here.lane.transact(() => void order.push("second")),
  ]);
  assert.deepEqual(order, ["first", "second"]);
  await Promise.all([count(here), count(here), count(here)]);
  const next = await open(here.storage);
  assert.equal(next.lane.ledger.counters.executed, 3);
});

Deno.test("RecoveryLane changes nothing when the work throws, and goes on", async () => {
  const here = await open();
  const before = here.lane.ledger;
  await assert.rejects(
    here.lane.transact((draft) => {
      draft.ledger.counters.executed++;
      throw new RangeError("no");
    }),
    RangeError,
  );
  assert.equal(here.lane.ledger, before);
  assert.equal(here.storage.commits, 0);
  await count(here);
  assert.equal(here.lane.ledger.counters.executed, 1);
});

Deno.test("RecoveryLane reads again and says so when it cannot be known what became of a change", async () => {
  const cases = [
    { fault: "refused", executed: 0 },
    { fault: "lost before", executed: 0 },
    { fault: "lost after", executed: 1 },
    { fault: "late", executed: 1 },
  ] as const;
  for (const { fault, executed } of cases) {
    const here = await open();
    here.storage.plan.set(1, fault);
    const outcome = await after(here.clock, count(here));
    assert.ok(outcome instanceof LaneMovedError, fault);
    assert.equal(here.lane.ledger.counters.executed, executed, fault);
    await here.storage.applyLate();
    await count(here);
    assert.equal(here.lane.ledger.counters.executed, executed + 1, `${fault}: afterwards`);
    assert.equal(here.clock.sleeperCount, 0, fault);
  }
});

Deno.test("RecoveryLane sees to it that a change which was not answered cannot come later than the reading", async () => {
  const memory = new MemoryRecoveryStorage();
  const here = await open(memory);
  const held: Parameters<RecoveryStorage["commit"]>[0][] = [];
  const commit = here.storage.commit.bind(here.storage);
  here.storage.plan.set(1, "lost before");
  here.storage.commit = (change) => {
    held.push(change);
    return commit(change);
  };
  assert.ok(await after(here.clock, count(here)) instanceof LaneMovedError);
  assert.equal(await memory.commit(held[0]!), null, "it came late");
  await count(here);
  assert.equal(here.lane.ledger.counters.executed, 1);
});

Deno.test("RecoveryLane asks once a second for as long as the storage is away, until it is stopped", async () => {
  const here = await open();
  here.storage.isAway = true;
  const errors: unknown[] = [];
  const work = count(here).catch((error) => errors.push(error));
  await here.clock.advance(600_000);
  assert.equal(errors.length, 0);
  assert.ok(here.storage.calls >= 550 && here.storage.calls <= 650, `${here.storage.calls} calls`);
  here.stop();
  await here.clock.advance(0);
  await work;
  assert.ok(errors[0] instanceof LaneOverError);
  assert.equal(here.clock.sleeperCount, 0);
});

Deno.test("RecoveryLane tells of a storage that is away once, until it answers again", async () => {
  const here = await open();
  const leave = () => void (here.storage.isAway = true);
  const cases: [name: string, arrange: () => void][] = [
    ["before a change", leave],
    ["before the answer to a change", () => here.storage.onCommit = leave],
  ];
  for (const [name, arrange] of cases) {
    const before = here.faults.length;
    arrange();
    const asked = count(here).catch(() => {});
    await here.clock.advance(60_000);
    here.storage.onCommit = () => {};
    here.storage.isAway = false;
    await after(here.clock, asked);
    assert.equal(here.faults.length - before, 1, name);
    assert.equal(here.faults[0]?.name, "StoreUnavailableError", name);
    await count(here);
  }
  here.lane.noteAway(away());
  here.lane.noteAway(away());
  assert.equal(here.faults.length, 3, "told by others");
  await here.lane.load();
  here.lane.noteAway(away());
  assert.equal(here.faults.length, 4, "it was read in between");
  await count(here);
  here.lane.noteAway(away());
  assert.equal(here.faults.length, 5, "it was changed in between");
});

Deno.test("RecoveryLane changes nothing once its term is over or it was stopped", async () => {
  const endings = [
    { name: "term not valid", end: (term: TestTerm) => void (term.isOver = true) },
    { name: "term aborted", end: (term: TestTerm) => term.controller.abort() },
    { name: "stopped", end: (_: TestTerm, stop: () => void) => stop() },
  ];
  for (const { name, end } of endings) {
    for (const moment of ["before", "in the work"]) {
      const term = new TestTerm(1);
      const here = await open(undefined, { term });
      if (moment === "before") end(term, here.stop);
      const work = here.lane.transact(() => {
        if (moment === "in the work") end(term, here.stop);
      });
      await assert.rejects(work, LaneOverError, `${name} ${moment}`);
      assert.equal(here.storage.commits, 0, `${name} ${moment}`);
    }
  }
});

Deno.test("RecoveryLane refuses a change when another has changed the lane, and goes by that", async () => {
  const memory = new MemoryRecoveryStorage();
  const a = await open(memory);
  const b = await open(memory);
  await count(a);
  assert.ok(await after(b.clock, count(b)) instanceof LaneMovedError);
  assert.equal(b.lane.ledger.counters.executed, 1);
  await count(b);
  assert.equal(b.lane.ledger.counters.executed, 2);
});

Deno.test("RecoveryLane goes by a clock that never stands still and never goes back", async () => {
  const memory = new MemoryRecoveryStorage();
  const clock = new FakeClock();
  const here = await open(memory, { clock });
  const startMs = here.lane.now();
  assert.equal(startMs, clock.now());
  clock.jumpWall(-3_600_000);
  await clock.advance(1_000);
  assert.equal(here.lane.now(), startMs + 1_000, "a clock that is set back");
  clock.jumpWall(10_000_000);
  assert.equal(here.lane.now(), startMs + 1_000, "a clock that is set forward");
  await count(here);
  const behind = await open(memory, {
    clock: new FakeClock({ startWallMs: startMs - 3_600_000 }),
  });
  assert.equal(behind.lane.now(), startMs + 1_000, "another process whose clock is behind");
  await behind.clock.advance(60_000);
  assert.equal(behind.lane.now(), startMs + 61_000, "and goes on from there");
});

Deno.test("RecoveryLane tells the moment in whole ms, though clocks tell fractions", async () => {
  const clock = new FakeClock({ startWallMs: 1_000_000.25 });
  const here = await open(new MemoryRecoveryStorage(), { clock });
  await clock.advance(0.5);
  assert.equal(here.lane.now(), 1_000_001);
});

Deno.test("RecoveryLane refuses a ledger that it cannot read, and leaves chains that it cannot read", async () => {
  const memory = new MemoryRecoveryStorage();
  const key = ["lanes", "cluster", "chains", "x"];
  await memory.commit({ sets: [{ key, value: { id: "x" } }] });
  const { lane } = await open(memory);
  assert.equal(lane.unreadableChains, 1);
  assert.equal(lane.chains.size, 0);
  assert.notEqual(await memory.get(key), null);
  await memory.commit({ sets: [{ key: ["lanes", "cluster", "ledger"], value: { at_ms: "x" } }] });
  await assert.rejects(open(memory), InvalidRecordError);
});
