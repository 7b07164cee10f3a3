import assert from "node:assert/strict";
import { FakeClock } from "../../testing/fake_clock.ts";
import { SimTime } from "../../testing/sim_time.ts";

Deno.test("FakeClock starts where it is told to and stands still until it is advanced", async () => {
  const clock = new FakeClock({ startWallMs: 5_000 });
  assert.deepEqual([clock.now(), clock.monotonic()], [5_000, 0]);
  await clock.advance(250);
  assert.deepEqual([clock.now(), clock.monotonic()], [5_250, 250]);
  assert.equal(new FakeClock().now(), Date.UTC(2026, 0, 1));
});

Deno.test("FakeClock wakes sleepers in the order of their times, each at its own time", async () => {
  const clock = new FakeClock();
  const woke: string[] = [];
  const sleep = (name: string, ms: number) =>
    clock.sleep(ms).then(() => woke.push(`${name}@${clock.monotonic()}`));
  sleep("c", 300);
  sleep("a", 100);
  sleep("b", 200);
  sleep("later", 301);
  await clock.advance(300);
  assert.deepEqual(woke, ["a@100", "b@200", "c@300"]);
  assert.equal(clock.sleeperCount, 1);
});

Deno.test("FakeClock wakes a sleeper that a woken one started, inside the same advance", async () => {
  const clock = new FakeClock();
  const woke: number[] = [];
  const twice = (async () => {
    await clock.sleep(100);
    woke.push(clock.monotonic());
    await clock.sleep(100);
    woke.push(clock.monotonic());
  })();
  await clock.advance(250);
  await twice;
  assert.deepEqual(woke, [100, 200]);
  assert.equal(clock.monotonic(), 250);
});

Deno.test("FakeClock sleep of zero or less waits for the next advance", async () => {
  const clock = new FakeClock();
  let woke = 0;
  for (const ms of [0, -1]) clock.sleep(ms).then(() => woke++);
  await Promise.resolve();
  assert.equal(woke, 0);
  await clock.advance(0);
  assert.equal(woke, 2);
});

Deno.test("FakeClock sleep rejects with the signal's reason and forgets the sleeper", async () => {
  const clock = new FakeClock();
  const reason = new Error("enough");
  await assert.rejects(clock.sleep(10, { signal: AbortSignal.abort(reason) }), reason);
  const controller = new AbortController();
  const sleep = clock.sleep(10, { signal: controller.signal });
  assert.equal(clock.sleeperCount, 1);
  controller.abort(reason);
  await assert.rejects(sleep, reason);
  assert.equal(clock.sleeperCount, 0);
});

Deno.test("FakeClock waits with settle before it moves, and after every sleeper it wakes", async () => {
  const settledAt: number[] = [];
  const clock: FakeClock = new FakeClock({
    settle: () => {
      settledAt.push(clock.monotonic());
      return Promise.resolve();
    },
  });
  clock.sleep(10);
  clock.sleep(20);
  await clock.advance(30);
  assert.deepEqual(settledAt, [0, 10, 20, 30]);
});

Deno.test("FakeClock jumpWall moves wall time alone and wakes nobody", async () => {
  const clock = new FakeClock({ startWallMs: 1_000 });
  let woke = false;
  clock.sleep(10).then(() => woke = true);
  clock.jumpWall(3_600_000);
  await Promise.resolve();
  assert.deepEqual([clock.now(), clock.monotonic(), woke], [3_601_000, 0, false]);
  clock.jumpWall(-3_600_000);
  assert.equal(clock.now(), 1_000);
  await clock.advance(10);
  assert.equal(woke, true);
});

Deno.test("FakeClock freeze lets time pass while sleepers stay asleep until the next advance", async () => {
  const clock = new FakeClock({ startWallMs: 0 });
  let wokeAt: number | undefined;
  clock.sleep(10).then(() => wokeAt = clock.monotonic());
  clock.freeze(1_000);
  await Promise.resolve();
  assert.deepEqual([clock.now(), clock.monotonic(), wokeAt], [1_000, 1_000, undefined]);
  await clock.advance(0);
  assert.equal(wokeAt, 1_000);
  clock.freeze(1_000, { monotonic: false });
  assert.deepEqual([clock.now(), clock.monotonic()], [2_000, 1_000]);
});

Deno.test("FakeClock goes at its own rate, and sleeps by its own time", async () => {
  const time = new SimTime();
  const wokeAt: Record<string, number> = {};
  const clocks = { half: 0.5, even: 1, double: 2 };
  for (const [name, rate] of Object.entries(clocks)) {
    const clock = new FakeClock({ time, rate, startWallMs: 0 });
    void clock.sleep(100).then(() => wokeAt[name] = time.nowMs);
    void clock.sleep(1_000).then(() => wokeAt[`${name}, late`] = clock.now());
  }
  await time.advance(250);
  assert.equal(JSON.stringify(wokeAt), `{"double":50,"even":100,"half":200}`);
  await time.advance(2_000);
  assert.equal(wokeAt["half, late"], 1_000);
  for (const rate of [0, -1, NaN, 101]) {
    assert.throws(() => new FakeClock({ rate }), { name: "RangeError" });
  }
});

Deno.test("FakeClock halt holds back what falls due until it is thawed", async () => {
  for (const monotonic of [true, false]) {
    const time = new SimTime();
    const clock = new FakeClock({ time, startWallMs: 0 });
    const events: string[] = [];
    void clock.sleep(100).then(() => events.push(`woke at ${clock.monotonic()}`));
    await time.advance(50);
    clock.halt({ monotonic });
    clock.whenThawed(() => events.push("thawed"));
    await time.advance(1_000);
    assert.deepEqual([events, clock.isFrozen], [[], true]);
    clock.thaw();
    await time.advance(100);
    const woke = monotonic ? "woke at 1050" : "woke at 100";
    assert.deepEqual(events.toSorted(), ["thawed", woke]);
    assert.equal(clock.now(), 1_150);
    assert.equal(clock.monotonic(), monotonic ? 1_150 : 150);
  }
});

Deno.test("FakeClock after runs by its own time, once it is thawed, unless it was called off", async () => {
  const clock = new FakeClock({ rate: 2 });
  const ran: string[] = [];
  clock.after(20, () => ran.push("due"));
  const callOff = clock.after(30, () => ran.push("called off"));
  assert.equal(clock.sleeperCount, 2);
  await clock.advance(9);
  assert.deepEqual(ran, []);
  clock.halt();
  await clock.advance(9);
  assert.deepEqual(ran, [], "frozen");
  callOff();
  clock.thaw();
  assert.deepEqual(ran, ["due"]);
  await clock.advance(100);
  assert.deepEqual(ran, ["due"]);
  assert.equal(clock.sleeperCount, 0);
});
