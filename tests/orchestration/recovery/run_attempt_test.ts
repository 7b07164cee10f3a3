import assert from "node:assert/strict";
import { type Clock, systemClock } from "../../../clock.ts";
import { type AttemptOutcome, runAttempt } from "../../../orchestration/recovery/run_attempt.ts";
import { FakeClock } from "../../../testing/fake_clock.ts";

const GRACE_MS = 10_000;

/** Makes an attempt on a clock of its own, and watches what is left behind. */
function attempt(
  run: (signal: AbortSignal, clock: Clock) => unknown,
  { timeoutMs = 1_000, signal = new AbortController().signal } = {},
) {
  const clock = new FakeClock();
  const seen = { late: 0, listeners: 0, outcome: null as AttemptOutcome | null };
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (...given: Parameters<typeof add>) => (seen.listeners++, add(...given));
  signal.removeEventListener = (...given: Parameters<typeof add>) => {
    seen.listeners--;
    remove(...given);
  };
  const options = { timeoutMs, signal, clock, late: () => void seen.late++ };
  const ended = runAttempt((given) => run(given, clock), options)
    .then((outcome) => seen.outcome = outcome);
  return { clock, seen, ended };
}

Deno.test("runAttempt says how an attempt ended, and leaves nothing behind", async () => {
  const fail = () => {
    throw new RangeError("too hot");
  };
  const hostile = {
    toString: () => {
      throw new Error("no");
    },
  };
  const cases: [
    name: string,
    run: (signal: AbortSignal, clock: Clock) => unknown,
    outcome: object,
  ][] = [
    ["returns", () => 5, { kind: "done", value: 5 }],
    ["resolves", () => Promise.resolve("x"), { kind: "done", value: "x" }],
    ["resolves later", (_, clock) => clock.sleep(999), { kind: "done", value: undefined }],
    ["throws", fail, { kind: "failed", error: "RangeError: too hot" }],
    ["rejects", () => Promise.reject("no"), { kind: "failed", error: "no" }],
    ["throws nothing", () => Promise.reject(undefined), { kind: "failed", error: "undefined" }],
    ["throws what cannot be shown", () => Promise.reject(hostile), {
      kind: "failed",
      error: "a thrown object that cannot be shown as text",
    }],
    ["throws a novel", () => Promise.reject("x".repeat(5_000)), {
      kind: "failed",
      error: "x".repeat(1_000),
    }],
  ];
  for (const [name, run, outcome] of cases) {
    const { clock, seen, ended } = attempt(run);
    await clock.advance(999);
    assert.deepEqual(await ended, outcome, name);
    assert.deepEqual([clock.sleeperCount, seen.listeners, seen.late], [0, 0, 0], name);
  }
});

Deno.test("runAttempt gives up after its time, tells the attempt, and gives it ten seconds to end", async () => {
  const reasons: unknown[] = [];
  const { clock, seen, ended } = attempt((signal) => {
    signal.addEventListener("abort", () => reasons.push(signal.reason));
    return new Promise(() => {});
  });
  await clock.advance(999);
  assert.equal(reasons.length, 0);
  await clock.advance(1);
  const [reason] = reasons;
  assert.ok(reason instanceof DOMException && reason.name === "TimeoutError");
  await clock.advance(GRACE_MS - 1);
  assert.equal(seen.outcome, null);
  await clock.advance(1);
  assert.deepEqual(await ended, { kind: "failed", error: "Action timeout after 1s" });
  assert.deepEqual([clock.sleeperCount, seen.listeners, seen.late], [0, 0, 0]);
});

Deno.test("runAttempt waits for an attempt that was given up until it ends, and no longer", async () => {
  const cases: [
    name: string,
    run: (signal: AbortSignal, clock: Clock) => unknown,
    endMs: number,
  ][] = [
    ["heeds its signal", (signal, clock) => clock.sleep(60_000, { signal }), 1_000],
    ["cleans up first", async (signal, clock) => {
      await clock.sleep(60_000, { signal }).catch(() => {});
      await clock.sleep(3_000);
    }, 4_000],
    ["succeeds after all", (_, clock) => clock.sleep(6_000), 6_000],
    ["fails after all", (_, clock) => clock.sleep(6_000).then(() => Promise.reject("no")), 6_000],
  ];
  for (const [name, run, endMs] of cases) {
    const { clock, seen, ended } = attempt(run);
    await clock.advance(endMs - 1);
    assert.equal(seen.outcome, null, name);
    await clock.advance(1);
    assert.deepEqual(await ended, { kind: "failed", error: "Action timeout after 1s" }, name);
    assert.deepEqual([clock.sleeperCount, seen.listeners, seen.late], [0, 0, 0], name);
  }
});

Deno.test("runAttempt names its time in seconds, without what multiplying leaves", async () => {
  const cases: [timeoutMs: number, text: string][] = [
    [45_000, "45s"],
    [1.1 * 30 * 1_000, "33s"],
    [0.1 * 1.5 * 1_000, "0.15s"],
    [0.1, "0.0001s"],
    [3_153_600_000_000, "3153600000s"],
  ];
  for (const [timeoutMs, text] of cases) {
    const { clock, ended } = attempt(() => new Promise(() => {}), { timeoutMs });
    await clock.advance(timeoutMs + 1 + GRACE_MS);
    assert.deepEqual(await ended, { kind: "failed", error: `Action timeout after ${text}` });
  }
});

Deno.test("runAttempt tells once of an attempt that ends after nobody waited any more", async () => {
  const cases: [name: string, run: (clock: Clock) => unknown, late: number][] = [
    ["it succeeds after all", (clock) => clock.sleep(15_000), 1],
    ["it fails after all", (clock) => clock.sleep(15_000).then(() => Promise.reject("no")), 1],
    ["it never ends", () => new Promise(() => {}), 0],
  ];
  for (const [name, run, late] of cases) {
    const { clock, seen, ended } = attempt((_, clock) => run(clock));
    await clock.advance(1_000 + GRACE_MS);
    assert.deepEqual(await ended, { kind: "failed", error: "Action timeout after 1s" }, name);
    assert.equal(seen.late, 0, name);
    await clock.advance(10_000);
    assert.equal(seen.late, late, name);
  }
});

Deno.test("runAttempt takes an attempt that ends with its signal for one that does as it should", async () => {
  const { clock, seen, ended } = attempt((signal, clock) => clock.sleep(5_000, { signal }));
  await clock.advance(1_000);
  assert.deepEqual(await ended, { kind: "failed", error: "Action timeout after 1s" });
  await clock.advance(10_000);
  assert.deepEqual([clock.sleeperCount, seen.late], [0, 0]);
});

Deno.test("runAttempt ends with the work, ten seconds after it at the latest", async () => {
  const cases: [
    name: string,
    run: (signal: AbortSignal, clock: Clock) => unknown,
    endMs: number,
  ][] = [
    ["heeds its signal", (signal, clock) => clock.sleep(900, { signal }), 0],
    ["ends soon", (_, clock) => clock.sleep(500), 400],
    ["outlives its time limit too", (_, clock) => clock.sleep(5_000), 4_900],
    ["never ends", () => new Promise(() => {}), GRACE_MS],
  ];
  for (const [name, run, endMs] of cases) {
    const work = new AbortController();
    let given: AbortSignal | null = null;
    const { clock, seen, ended } = attempt((signal, clock) => {
      given = signal;
      return run(signal, clock);
    }, { signal: work.signal });
    await clock.advance(100);
    work.abort(new Error("term over"));
    assert.equal(given!.aborted && given!.reason.message, "term over", name);
    if (endMs > 0) {
      await clock.advance(endMs - 1);
      assert.equal(seen.outcome, null, name);
      await clock.advance(1);
    }
    assert.deepEqual(await ended, { kind: "stopped" }, name);
    await clock.advance(1_000);
    assert.deepEqual([clock.sleeperCount, seen.listeners, seen.late], [0, 0, 0], name);
  }
});

Deno.test("runAttempt does nothing once the work has ended", async () => {
  let runs = 0;
  const { clock, seen, ended } = attempt(() => runs++, { signal: AbortSignal.abort() });
  assert.deepEqual(await ended, { kind: "stopped" });
  assert.deepEqual([runs, clock.sleeperCount, seen.listeners], [0, 0, 0]);
});

Deno.test("runAttempt ends with the work also when the attempt itself ended it", async () => {
  const work = new AbortController();
  const { clock, ended } = attempt(() => work.abort(), { signal: work.signal });
  assert.deepEqual(await ended, { kind: "stopped" });
  assert.equal(clock.sleeperCount, 0);
});

Deno.test("runAttempt holds a time limit that is longer than a timer can be", async () => {
  const outcome = await runAttempt(() => "quick", {
    timeoutMs: 31_536_000 * 100 * 1_000,
    signal: new AbortController().signal,
    clock: systemClock,
    late: () => {},
  });
  assert.deepEqual(outcome, { kind: "done", value: "quick" });
  const { clock, seen, ended } = attempt(() => new Promise(() => {}), { timeoutMs: 2 ** 31 });
  await clock.advance(2 ** 31 - 1 + GRACE_MS);
  assert.equal(seen.outcome, null);
  await clock.advance(1);
  assert.equal((await ended).kind, "failed");
});
