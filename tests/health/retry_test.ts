import assert from "node:assert/strict";
import { Retry, type RetryEvent, type RetryOptions } from "../../health/retry.ts";
import { RetryBudget } from "../../health/retry_budget.ts";
import { RetryExhaustedError } from "../../health/retry_exhausted_error.ts";
import { FakeClock } from "../../testing/fake_clock.ts";

function setUp(options: RetryOptions = {}) {
  const clock = new FakeClock();
  const retry = new Retry({ clock, jitter: "none", ...options });
  const startedAtMs = clock.monotonic();
  const times: number[] = [];
  /** Fails so many times before it succeeds. */
  const failing = (times_: number, error: unknown = new Deno.errors.TimedOut("slow")) => {
    return ({ attempt }: { readonly attempt: number }) => {
      times.push(clock.monotonic() - startedAtMs);
      return attempt <= times_ ? Promise.reject(error) : "done";
    };
  };
  return { clock, retry, failing, times };
}

Deno.test("Retry tries again after 0.5 s and 1 s, and three times in all", async () => {
  const { clock, retry, failing, times } = setUp();
  const slow = new Deno.errors.TimedOut("slow");
  const call = assert.rejects(retry.execute(failing(9, slow)), (error: unknown) => {
    assert.ok(error instanceof RetryExhaustedError);
    assert.deepEqual([error.code, error.attempts, error.reason, error.cause], [
      "RETRY_EXHAUSTED",
      3,
      "max_attempts",
      slow,
    ]);
    return true;
  });
  await clock.advance(60_000);
  await call;
  assert.deepEqual(times, [0, 500, 1_500]);
});

Deno.test("Retry gives the result of the attempt that succeeds", async () => {
  const { clock, retry, failing, times } = setUp({ maxAttempts: 5, maxDelayMs: 700 });
  const call = retry.execute(failing(3));
  await clock.advance(60_000);
  assert.equal(await call, "done");
  assert.deepEqual(times, [0, 500, 1_200, 1_900]);
});

Deno.test("Retry spreads delays by chance unless told otherwise", async () => {
  const clock = new FakeClock();
  const retry = new Retry({ clock, random: () => 0.5 });
  const delays: (number | null)[] = [];
  retry.onFailedAttempt(({ delayMs }) => delays.push(delayMs));
  const call = retry.execute(() => Promise.reject(new Deno.errors.TimedOut())).catch(() => {});
  await clock.advance(60_000);
  await call;
  assert.deepEqual(delays, [250, 500, null]);
});

Deno.test("Retry grows decorrelated delays from the delay before", async () => {
  const { clock, retry, failing, times } = setUp({ jitter: "decorrelated", random: () => 0.5 });
  const call = retry.execute(failing(2));
  await clock.advance(60_000);
  await call;
  assert.deepEqual(times, [0, 1_000, 1_000 + 1_750]);
});

Deno.test("Retry throws at once what another attempt cannot cure", async () => {
  const { retry, failing, times } = setUp();
  await assert.rejects(retry.execute(failing(9, new RangeError("bug"))), RangeError);
  assert.equal(times.length, 1);
});

Deno.test("Retry asks isRetriable, and takes one that throws for a no", async () => {
  const cured = setUp({ isRetriable: (error) => error === "again" });
  const call = cured.retry.execute(cured.failing(1, "again"));
  await cured.clock.advance(500);
  assert.equal(await call, "done");
  const broken = setUp({
    isRetriable: () => {
      throw new Error("bug");
    },
  });
  await assert.rejects(broken.retry.execute(broken.failing(1)), Deno.errors.TimedOut);
  assert.equal(broken.retry.getMetrics().last_listener_fault, "Error: bug");
});

Deno.test("Retry gives up when the shared budget is empty, and goes on once it fills", async () => {
  const clock = new FakeClock();
  const budget = new RetryBudget({ clock, capacity: 1, retriesPerCall: 0, retriesPerSecond: 1 });
  const first = setUp({ clock, budget });
  const second = setUp({ clock, budget });
  const call = first.retry.execute(first.failing(1));
  await assert.rejects(second.retry.execute(second.failing(1)), {
    name: "RetryExhaustedError",
    reason: "budget_empty",
    attempts: 1,
  });
  assert.equal(second.retry.getMetrics().budget_refusals_total, 1);
  await clock.advance(1_000);
  assert.equal(await call, "done");
  const later = second.retry.execute(second.failing(1));
  await clock.advance(500);
  assert.equal(await later, "done");
});

Deno.test("Retry pays the budget for each call", async () => {
  const clock = new FakeClock();
  const budget = new RetryBudget({ clock, capacity: 10, retriesPerCall: 0.5, retriesPerSecond: 0 });
  for (let token = 0; token < 10; token++) budget.take();
  const { retry, failing } = setUp({ clock, budget });
  await retry.execute(failing(0));
  await retry.execute(failing(0));
  assert.equal(budget.available, 1);
});

Deno.test("Retry has a budget of its own when it is given none", async () => {
  const { retry, failing, clock } = setUp({ baseDelayMs: 0, maxDelayMs: 0, maxAttempts: 1_000 });
  const call = assert.rejects(retry.execute(failing(Infinity)), { reason: "budget_empty" });
  await clock.advance(1);
  await call;
  assert.equal(retry.getMetrics().total_attempts, 101);
});

Deno.test("Retry ends a wait when the signal aborts, and leaves nothing behind", async () => {
  const { clock, retry, failing, times } = setUp();
  const caller = new AbortController();
  const call = assert.rejects(retry.execute(failing(9), caller), { message: "stop" });
  await clock.advance(100);
  caller.abort(new Error("stop"));
  await call;
  await clock.advance(60_000);
  assert.equal(times.length, 1);
  assert.equal(clock.sleeperCount, 0);
});

Deno.test("Retry does not try again what failed with its signal aborted", async () => {
  const { retry, clock } = setUp();
  const caller = new AbortController();
  let attempts = 0;
  const call = retry.execute(({ signal }) => {
    attempts++;
    assert.equal(signal, caller.signal);
    caller.abort(new Error("stop"));
    throw new Deno.errors.TimedOut();
  }, caller);
  await assert.rejects(call, { message: "stop" });
  await assert.rejects(retry.execute(() => attempts++, caller), { message: "stop" });
  assert.equal(attempts, 1);
  assert.equal(clock.sleeperCount, 0);
  const { failed_attempts_total, budget_available } = retry.getMetrics();
  assert.deepEqual([failed_attempts_total, budget_available], [0, 100]);
});

Deno.test("Retry tells every failed attempt and counts what it did", async () => {
  const { clock, retry, failing } = setUp();
  const seen: RetryEvent[] = [];
  retry.onFailedAttempt(() => {
    throw new Error("bad listener");
  });
  const forget = retry.onFailedAttempt((event) => seen.push(event));
  const error = new Deno.errors.TimedOut("slow");
  const call = retry.execute(failing(1, error));
  await clock.advance(500);
  await call;
  forget();
  const failed = retry.execute(failing(9, error)).catch(() => {});
  await clock.advance(60_000);
  await failed;
  assert.deepEqual(seen, [{ attempt: 1, error, delayMs: 500 }]);
  assert.deepEqual(retry.getMetrics(), {
    calls_total: 2,
    total_attempts: 5,
    failed_attempts_total: 4,
    exhausted_total: 1,
    budget_refusals_total: 0,
    budget_available: 100,
    listener_faults_total: 4,
    listener_drops_total: 0,
    last_listener_fault: "Error: bad listener",
  });
});

Deno.test("Retry refuses numbers of attempts that are none", () => {
  for (const maxAttempts of [0, 1.5, NaN]) {
    assert.throws(() => new Retry({ maxAttempts }), /maxAttempts must be a whole number from 1/);
  }
  assert.throws(() => new Retry({ baseDelayMs: -1 }), RangeError);
});
