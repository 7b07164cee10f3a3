import assert from "node:assert/strict";
import { ClaimQueue } from "../../../coordination/work/claim_queue.ts";
import type { HeldClaim } from "../../../coordination/work/held_claim.ts";
import { ClaimLostError } from "../../../coordination/work/work_errors.ts";
import type { WorkSetting } from "../../../coordination/work/work_setting.ts";
import { FakeClock } from "../../../testing/fake_clock.ts";

interface Queued extends HeldClaim {
  isGood: boolean;
  releases: number;
  /** What becomes of its releases, one after the other. */
  failures: Error[];
  /** What its last release was told: that it is not wanted any more. */
  unwanted?: AbortSignal;
}

function claim(claimMs = 1_000): Queued {
  const made = {
    claimMs,
    isGood: true,
    releases: 0,
    failures: [] as Error[],
    isValid: () => made.isGood,
    unwanted: undefined as AbortSignal | undefined,
    release: ({ signal }: { signal: AbortSignal }) => {
      made.releases++;
      made.unwanted = signal;
      const failure = made.failures.shift();
      return failure ? Promise.reject(failure) : Promise.resolve();
    },
  };
  return made as unknown as Queued;
}

const claims = (count: number) => Array.from({ length: count }, () => claim());

function setUp(maxAtOnce = 16) {
  const clock = new FakeClock();
  const faults: unknown[] = [];
  const setting = {
    store: { clock },
    timing: { safetyPollMs: 500, attemptTimeoutMs: 150 },
    counters: { fault: (error: unknown) => faults.push(error) },
  } as unknown as WorkSetting;
  const stop = new AbortController();
  const queue = new ClaimQueue({ setting, maxAtOnce, stop: stop.signal });
  const add = (batch: readonly HeldClaim[]) => queue.add(batch, clock.monotonic());
  return { clock, faults, stop, queue, add };
}

Deno.test("ClaimQueue hands out in order and leaves no timer when it is empty", async () => {
  const { queue, add, clock } = setUp();
  const batch = claims(3);
  add(batch);
  assert.equal(clock.sleeperCount, 1);
  assert.deepEqual(batch.map(() => queue.take()), batch);
  assert.equal(clock.sleeperCount, 0);
  assert.equal(queue.take(), undefined);
  await queue[Symbol.asyncDispose]();
  assert.ok(batch.every(({ releases }) => releases === 0));
});

Deno.test("ClaimQueue gives back at half of its claim what waits, each at its own time", async () => {
  const { queue, add, clock } = setUp();
  const batch = [claim(), claim(400), claim(), claim(2_000)];
  add(batch);
  queue.take();
  const releasedAt = async (ms: number) => {
    await clock.advance(ms - clock.monotonic());
    return batch.map(({ releases }) => releases);
  };
  assert.deepEqual(await releasedAt(199), [0, 0, 0, 0]);
  assert.deepEqual(await releasedAt(201), [0, 1, 0, 0]);
  assert.deepEqual(await releasedAt(501), [0, 1, 1, 0]);
  assert.equal(queue.take(), batch[3]);
  assert.equal(clock.sleeperCount, 0);
});

Deno.test("ClaimQueue claims no more at once than was handed out in time, and doubles while it keeps up", async () => {
  const { queue, add, clock } = setUp();
  const takeAll = async (count: number, eachMs: number) => {
    add(claims(count));
    while (queue.take()) await clock.advance(eachMs);
    return queue.atOnce;
  };
  const steps: [string, number, number, number][] = [
    ["it takes 3 of 16 in time", 16, 200, 3],
    ["it keeps up, and asks for more in time", 3, 100, 6],
    ["a batch that is not whole proves nothing", 4, 1, 6],
    ["the last is handed out in time, and more is wanted too late", 6, 90, 6],
    ["it keeps up", 6, 1, 12],
    ["it keeps up, and the bound is reached", 12, 1, 16],
    ["it takes one and is gone for long", 16, 5_000, 1],
    ["one at a time, and slow", 1, 5_000, 1],
    ["one at a time, and fast", 1, 1, 2],
  ];
  for (const [name, count, eachMs, atOnce] of steps) {
    assert.equal(await takeAll(count, eachMs), atOnce, name);
  }
});

Deno.test("ClaimQueue hands out the first of a batch as long as it is valid, and gives back what is not", () => {
  const { queue, clock } = setUp();
  const batch = claims(3);
  queue.add(batch, clock.monotonic() - 700); // the claim was answered late
  assert.equal(queue.take(), batch[0]);
  assert.equal(queue.take(), undefined);
  assert.deepEqual(batch.map(({ releases }) => releases), [0, 1, 1]);
  const invalid = claims(2);
  invalid[0]!.isGood = false;
  queue.add(invalid, clock.monotonic());
  assert.equal(queue.take(), invalid[1]);
  assert.deepEqual(invalid.map(({ releases }) => releases), [1, 0]);
});

Deno.test("ClaimQueue tries to give back until the store answers, the claim is lost or the loop ends", async () => {
  const down = new Error("down");
  const lost = new ClaimLostError("w", 1, "superseded");
  const closed = new Deno.errors.BadResource("Bad resource ID");
  const cases: [string, Error[], number, number][] = [
    ["the store answers", [down, down], 3, 2],
    ["the claim is lost", [down, lost, down], 2, 1],
    ["the handle is closed", [closed, down], 1, 1],
  ];
  for (const [name, failures, releases, faultCount] of cases) {
    const { queue, add, clock, faults } = setUp();
    const batch = [claim(), claim()];
    batch[1]!.failures = failures;
    add(batch);
    queue.take();
    await clock.advance(5_000);
    assert.equal(batch[1]!.releases, releases, name);
    assert.equal(faults.length, faultCount, name);
    assert.equal(clock.sleeperCount, 0, name);
  }
  const { queue, add, clock } = setUp();
  const batch = [claim(), claim()];
  batch[1]!.failures = Array(100).fill(down);
  add(batch);
  queue.take();
  await clock.advance(600);
  await queue[Symbol.asyncDispose]();
  assert.equal(batch[1]!.releases, 2, "once at half of its claim, once at the end");
  assert.equal(clock.sleeperCount, 0);
});

Deno.test("ClaimQueue gives everything back when it is told to stop, and what is added after that", async () => {
  const { queue, add, stop, clock } = setUp();
  const batch = claims(3);
  add(batch);
  queue.take();
  stop.abort();
  assert.deepEqual(batch.map(({ releases }) => releases), [0, 1, 1]);
  const late = claims(2);
  add(late);
  assert.equal(queue.take(), undefined);
  assert.deepEqual(late.map(({ releases }) => releases), [1, 1]);
  await queue[Symbol.asyncDispose]();
  assert.equal(clock.sleeperCount, 0);
});

Deno.test("ClaimQueue gives back for four attempts after it was told to stop or left, however long the store hangs", async () => {
  for (const way of ["stop", "leave", "stop, and leave later"]) {
    const { queue, add, clock, stop } = setUp();
    const batch = claims(3);
    for (const each of batch) {
      each.release = ({ signal } = {}) => {
        each.unwanted = signal!;
        return new Promise<void>(() => {});
      };
    }
    add(batch);
    queue.take();
    if (way !== "leave") stop.abort();
    if (way === "stop, and leave later") await clock.advance(5_000);
    let isOver = false;
    const left = queue[Symbol.asyncDispose]().then(() => isOver = true);
    await clock.advance(599);
    assert.deepEqual([isOver, batch[1]!.unwanted!.aborted], [false, way.endsWith("later")], way);
    await clock.advance(1);
    await left;
    assert.ok(batch.slice(1).every(({ unwanted }) => unwanted!.aborted), way);
    assert.equal(clock.sleeperCount, 0, way);
  }
});
