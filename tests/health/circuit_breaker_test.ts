import assert from "node:assert/strict";
import { CircuitBreaker } from "../../health/circuit_breaker.ts";
import { CircuitOpenError, CircuitProbeTimeoutError } from "../../health/circuit_breaker_errors.ts";
import type {
  CircuitBreakerEvent,
  CircuitBreakerOptions,
} from "../../health/circuit_breaker_options.ts";
import { FakeClock } from "../../testing/fake_clock.ts";

const down = () => Promise.reject(new Error("down"));
const up = () => "up";

function setUp(options: CircuitBreakerOptions = {}) {
  const clock = new FakeClock();
  const breaker = new CircuitBreaker("orders", {
    clock,
    random: () => 0,
    failureThreshold: 2,
    cooldownMs: 1_000,
    ...options,
  });
  const fail = async (times: number) => {
    for (let call = 0; call < times; call++) await assert.rejects(breaker.execute(down));
  };
  return { clock, breaker, fail };
}

/** A call that ends when it is told to. */
function pendingCall() {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let signal: AbortSignal | undefined;
  const run = (given: AbortSignal) => {
    signal = given;
    return promise;
  };
  return { run, resolve, reject, signal: () => signal! };
}

Deno.test("CircuitBreaker passes results and errors on while closed", async () => {
  const { breaker } = setUp();
  assert.equal(await breaker.execute(up), "up");
  await assert.rejects(breaker.execute(down), { message: "down" });
  await assert.rejects(
    breaker.execute(() => {
      throw new RangeError("at once");
    }),
    RangeError,
  );
});

Deno.test("CircuitBreaker opens at the failure threshold and refuses without calling", async () => {
  const { breaker, fail } = setUp({ failureThreshold: 3 });
  await fail(2);
  assert.equal(breaker.getMetrics().state, "CLOSED");
  await fail(1);
  assert.equal(breaker.state.kind, "OPEN");
  let called = false;
  const refused = breaker.execute(() => called = true);
  await assert.rejects(refused, (error: unknown) => {
    assert.ok(error instanceof CircuitOpenError);
    const { code, breaker: name, state, retryAfterMs, manual, message } = error;
    assert.deepEqual([code, name, state, retryAfterMs, manual], [
      "CIRCUIT_OPEN",
      "orders",
      "OPEN",
      1_000,
      null,
    ]);
    assert.match(message, /"orders": it is open for another 1000 ms$/);
    return true;
  });
  assert.equal(called, false);
  assert.equal(breaker.getMetrics().rejected_total, 1);
});

Deno.test("CircuitBreaker opens after five failures when nothing else is said", async () => {
  const breaker = new CircuitBreaker("plain", { clock: new FakeClock() });
  for (let call = 0; call < 4; call++) await breaker.execute(down).catch(() => {});
  assert.equal(breaker.getMetrics().state, "CLOSED");
  await breaker.execute(down).catch(() => {});
  assert.equal(breaker.getMetrics().state, "OPEN");
});

Deno.test("CircuitBreaker forgets failures in a row after a success", async () => {
  const { breaker, fail } = setUp();
  await fail(1);
  await breaker.execute(up);
  await fail(1);
  assert.equal(breaker.getMetrics().state, "CLOSED");
});

Deno.test("CircuitBreaker opens at a share of failures that never come in a row", async () => {
  const failureRate = { share: 0.5, minCalls: 4, windowMs: 10_000 };
  const { breaker, fail } = setUp({ failureRate });
  for (let round = 0; round < 2; round++) {
    assert.equal(breaker.getMetrics().state, "CLOSED");
    await breaker.execute(up);
    await fail(1);
  }
  assert.equal(breaker.getMetrics().state, "OPEN");
  const without = setUp({ failureRate: null });
  for (let round = 0; round < 30; round++) {
    await without.breaker.execute(up);
    await without.fail(1);
  }
  assert.equal(without.breaker.getMetrics().state, "CLOSED");
});

Deno.test("CircuitBreaker counts a success that was too slow as a failure", async () => {
  const { breaker, clock } = setUp({ slowCallMs: 100, failureThreshold: 1 });
  const take = (ms: number) => {
    const call = breaker.execute(() => clock.sleep(ms).then(up));
    return clock.advance(ms).then(() => call);
  };
  assert.equal(await take(100), "up");
  assert.equal(breaker.getMetrics().state, "CLOSED");
  assert.equal(await take(101), "up");
  assert.equal(breaker.getMetrics().state, "OPEN");
});

Deno.test("CircuitBreaker closes after the cooldown and enough successes", async () => {
  const { breaker, clock, fail } = setUp({ successThreshold: 2 });
  await fail(2);
  await clock.advance(999);
  await assert.rejects(breaker.execute(up), CircuitOpenError);
  await clock.advance(1);
  assert.equal(await breaker.execute(up), "up");
  assert.equal(breaker.getMetrics().state, "HALF_OPEN");
  assert.equal(breaker.getMetrics().consecutive_successes, 1);
  await breaker.execute(up);
  assert.equal(breaker.getMetrics().state, "CLOSED");
});

Deno.test("CircuitBreaker stays open longer each time, up to the longest cooldown", async () => {
  const { breaker, clock, fail } = setUp({ cooldownFactor: 3, cooldownMaxMs: 5_000 });
  const cooldowns: (number | null)[] = [];
  breaker.onChange(({ to, cooldownMs }) => to === "OPEN" && cooldowns.push(cooldownMs));
  await fail(2);
  for (let round = 0; round < 3; round++) {
    await clock.advance(5_000);
    await fail(1);
  }
  assert.deepEqual(cooldowns, [1_000, 3_000, 5_000, 5_000]);
});

Deno.test("CircuitBreaker begins with the first cooldown again only after it was stable", async () => {
  for (const [closedMs, expectedMs] of [[9_999, 2_000], [10_000, 1_000]] as const) {
    const { breaker, clock, fail } = setUp({ stableMs: 10_000, successThreshold: 1 });
    await fail(2);
    await clock.advance(1_000);
    await breaker.execute(up);
    await clock.advance(closedMs);
    await fail(2);
    assert.equal(breaker.getMetrics().retry_after_ms, expectedMs, `closed for ${closedMs}`);
  }
});

Deno.test("CircuitBreaker lets chance take off its share of the cooldown", async () => {
  const { breaker, fail } = setUp({ cooldownJitter: 0.4, random: () => 0.5 });
  await fail(2);
  assert.equal(breaker.getMetrics().retry_after_ms, 800);
});

Deno.test("CircuitBreaker lets only so many calls probe at a time", async () => {
  const { breaker, clock, fail } = setUp({ halfOpenMaxCalls: 2, successThreshold: 3 });
  await fail(2);
  await clock.advance(1_000);
  const probes = [pendingCall(), pendingCall()];
  const calls = probes.map(({ run }) => breaker.execute(run));
  await assert.rejects(breaker.execute(up), { state: "HALF_OPEN", retryAfterMs: 0 });
  probes[0]!.resolve("up");
  await calls[0];
  assert.equal(await breaker.execute(up), "up");
  probes[1]!.resolve("up");
  await calls[1];
  assert.equal(breaker.getMetrics().state, "CLOSED");
});

Deno.test("CircuitBreaker aborts a probe that misses its deadline and opens again", async () => {
  const { breaker, clock, fail } = setUp({ halfOpenTimeoutMs: 300 });
  await fail(2);
  await clock.advance(1_000);
  const probe = pendingCall();
  const call = assert.rejects(breaker.execute(probe.run), (error: unknown) => {
    assert.ok(error instanceof CircuitProbeTimeoutError);
    assert.deepEqual([error.code, error.timeoutMs], ["CIRCUIT_PROBE_TIMEOUT", 300]);
    return true;
  });
  await clock.advance(299);
  assert.equal(breaker.getMetrics().state, "HALF_OPEN");
  assert.equal(probe.signal().aborted, false);
  await clock.advance(1);
  await call;
  assert.ok(probe.signal().reason instanceof CircuitProbeTimeoutError);
  assert.equal(breaker.getMetrics().state, "OPEN");
  assert.equal(breaker.getMetrics().retry_after_ms, 2_000);
  probe.resolve("late");
  await clock.advance(0);
  assert.equal(breaker.getMetrics().state, "OPEN");
});

Deno.test("CircuitBreaker leaves no timer behind, and none while closed", async () => {
  const { breaker, clock, fail } = setUp({ successThreshold: 1 });
  const call = pendingCall();
  const closed = breaker.execute(call.run);
  assert.equal(clock.sleeperCount, 0);
  call.resolve("up");
  await closed;
  await fail(2);
  await clock.advance(1_000);
  await breaker.execute(up);
  assert.equal(clock.sleeperCount, 0);
});

Deno.test("CircuitBreaker lets results from before a change of state decide nothing", async () => {
  const { breaker, clock, fail } = setUp({ successThreshold: 1 });
  const old = pendingCall();
  const call = breaker.execute(old.run);
  await fail(2);
  await clock.advance(1_000);
  const probe = pendingCall();
  const probing = breaker.execute(probe.run);
  old.resolve("up");
  await call;
  assert.equal(breaker.getMetrics().state, "HALF_OPEN");
  assert.equal(breaker.getMetrics().late_total, 1);
  probe.resolve("up");
  await probing;
  assert.equal(breaker.getMetrics().state, "CLOSED");
});

Deno.test("CircuitBreaker passes the signal on and does not call with one that has aborted", async () => {
  const { breaker } = setUp();
  const { signal } = new AbortController();
  await breaker.execute((given) => assert.equal(given, signal), { signal });
  let called = false;
  const aborted = AbortSignal.abort(new Error("stop"));
  await assert.rejects(breaker.execute(() => called = true, { signal: aborted }), {
    message: "stop",
  });
  assert.equal(called, false);
});

Deno.test("CircuitBreaker counts a call that its caller gave up neither way, a timeout as a failure", async () => {
  const cases = [
    { reason: new Error("changed my mind"), kind: "CLOSED" },
    { reason: new DOMException("late", "TimeoutError"), kind: "OPEN" },
  ];
  for (const { reason, kind } of cases) {
    const { breaker } = setUp({ failureThreshold: 1 });
    const caller = new AbortController();
    const call = breaker.execute((signal) => {
      const { promise, reject } = Promise.withResolvers<never>();
      signal.addEventListener("abort", () => reject(signal.reason));
      return promise;
    }, { signal: caller.signal });
    caller.abort(reason);
    await assert.rejects(call);
    assert.equal(breaker.getMetrics().state, kind, reason.message);
  }
});

Deno.test("CircuitBreaker gives the place of a probe back that its caller gave up", async () => {
  const { breaker, clock, fail } = setUp({ halfOpenMaxCalls: 1 });
  await fail(2);
  await clock.advance(1_000);
  const caller = new AbortController();
  const call = breaker.execute((signal) => clock.sleep(500, { signal }), caller);
  caller.abort(new Error("changed my mind"));
  await assert.rejects(call, { message: "changed my mind" });
  assert.equal(breaker.getMetrics().state, "HALF_OPEN");
  assert.equal(await breaker.execute(up), "up");
  assert.equal(breaker.getMetrics().consecutive_successes, 1);
});

Deno.test("CircuitBreaker counts a probe that misses its deadline, whatever isFailure says", async () => {
  const { breaker, clock } = setUp({ isFailure: () => false, halfOpenTimeoutMs: 300 });
  breaker.open({ actor: "ada", reason: "drill", holdMs: 1 });
  await clock.advance(1);
  const call = assert.rejects(breaker.execute(pendingCall().run), CircuitProbeTimeoutError);
  await clock.advance(300);
  await call;
  assert.equal(breaker.getMetrics().state, "OPEN");
});

Deno.test("CircuitBreaker judges its share of failures anew once it closes", async () => {
  const failureRate = { share: 0.5, minCalls: 4, windowMs: 1e9 };
  const { breaker, fail } = setUp({ failureRate, failureThreshold: 5 });
  await fail(4);
  assert.equal(breaker.getMetrics().state, "OPEN");
  breaker.close({ actor: "ada", reason: "fixed" });
  await fail(3);
  assert.equal(breaker.getMetrics().state, "CLOSED");
});

Deno.test("CircuitBreaker takes errors that isFailure denies for successes", async () => {
  const { breaker, fail } = setUp({ isFailure: (error) => !(error instanceof RangeError) });
  await fail(1);
  await assert.rejects(breaker.execute(() => Promise.reject(new RangeError("404"))), RangeError);
  await fail(1);
  assert.equal(breaker.getMetrics().state, "CLOSED");
  const broken = setUp({
    isFailure: () => {
      throw new Error("bug");
    },
  });
  await broken.fail(2);
  assert.equal(broken.breaker.getMetrics().state, "OPEN");
  assert.equal(broken.breaker.getMetrics().listener_faults_total, 2);
});

Deno.test("CircuitBreaker opens by hand until somebody closes it", async () => {
  const { breaker, clock } = setUp();
  breaker.open({ actor: "ada", reason: "maintenance" });
  await clock.advance(1e9);
  await assert.rejects(breaker.execute(up), {
    retryAfterMs: null,
    manual: { actor: "ada", reason: "maintenance" },
    message: /until somebody closes it, opened by ada \(maintenance\)/,
  });
  assert.equal(breaker.getMetrics().trips_total, 0);
  breaker.close({ actor: "bob", reason: "done" });
  assert.equal(await breaker.execute(up), "up");
  assert.equal(breaker.getMetrics().manual, null);
});

Deno.test("CircuitBreaker opened by hand for a time is probed after it", async () => {
  const { breaker, clock } = setUp();
  breaker.open({ actor: "ada", reason: "maintenance", holdMs: 5_000 });
  await clock.advance(4_999);
  await assert.rejects(breaker.execute(up), { retryAfterMs: 1 });
  await clock.advance(1);
  await breaker.execute(up);
  assert.equal(breaker.getMetrics().state, "HALF_OPEN");
});

Deno.test("CircuitBreaker closed by hand begins with the first cooldown again", async () => {
  const { breaker, clock, fail } = setUp();
  await fail(2);
  await clock.advance(1_000);
  await fail(1);
  assert.equal(breaker.getMetrics().retry_after_ms, 2_000);
  breaker.close({ actor: "ada", reason: "fixed" });
  await fail(2);
  assert.equal(breaker.getMetrics().retry_after_ms, 1_000);
});

Deno.test("CircuitBreaker refuses to be opened or closed by nobody, for nothing or for no time", () => {
  const { breaker } = setUp();
  assert.throws(() => breaker.open({ actor: "", reason: "why" }), TypeError);
  assert.throws(() => breaker.close({ actor: "ada", reason: "" }), TypeError);
  assert.throws(() => breaker.open({ actor: "ada", reason: "why", holdMs: 0 }), RangeError);
  assert.equal(breaker.getMetrics().state, "CLOSED");
});

Deno.test("CircuitBreaker tells every change, and no listener can break it", async () => {
  const { breaker, clock, fail } = setUp({ successThreshold: 1 });
  const seen: CircuitBreakerEvent[] = [];
  breaker.onChange(() => {
    throw new Error("bad listener");
  });
  breaker.onChange(() => Promise.reject(new Error("worse listener")));
  const forget = breaker.onChange((event) => seen.push(event));
  await fail(2);
  await clock.advance(1_000);
  await breaker.execute(up);
  breaker.open({ actor: "ada", reason: "drill", holdMs: 10 });
  forget();
  breaker.close({ actor: "ada", reason: "over" });
  assert.deepEqual(seen.map(({ from, to, actor }) => `${from} ${to} ${actor}`), [
    "CLOSED OPEN null",
    "OPEN HALF_OPEN null",
    "HALF_OPEN CLOSED null",
    "CLOSED OPEN ada",
  ]);
  assert.deepEqual(seen[3], {
    breaker: "orders",
    from: "CLOSED",
    to: "OPEN",
    reason: "drill",
    actor: "ada",
    timestamp: "2026-01-01T00:00:01.000Z",
    cooldownMs: 10,
  });
  await clock.advance(0);
  assert.equal(breaker.getMetrics().listener_faults_total, 10);
});

Deno.test("CircuitBreaker gives the figures of a health document", async () => {
  const { breaker, clock, fail } = setUp();
  await breaker.execute(up);
  await clock.advance(5_000);
  await fail(2);
  await clock.advance(500);
  assert.deepEqual(breaker.getMetrics(), {
    available: true,
    state: "OPEN",
    open_duration_seconds: 0.5,
    retry_after_ms: 500,
    consecutive_failures: 2,
    consecutive_successes: 0,
    manual: null,
    state_change_time: "2026-01-01T00:00:05.000Z",
    failures_total: 2,
    successes_total: 1,
    trips_total: 1,
    rejected_total: 0,
    late_total: 0,
    last_failure_time: "2026-01-01T00:00:05.000Z",
    listener_faults_total: 0,
    listener_drops_total: 0,
    last_listener_fault: null,
  });
});

Deno.test("CircuitBreaker continues what an earlier one exported", async () => {
  const { breaker, clock, fail } = setUp();
  await fail(2);
  await clock.advance(400);
  const exported = JSON.parse(JSON.stringify(breaker.exportState()));
  const restarted = new FakeClock({ startWallMs: clock.now() + 100 });
  const next = new CircuitBreaker("orders", { clock: restarted, initialState: exported });
  assert.equal(next.getMetrics().retry_after_ms, 500);
  assert.equal(next.getMetrics().open_duration_seconds, 0.5);
  assert.equal(next.getMetrics().state_change_time, breaker.getMetrics().state_change_time);
  assert.equal(next.getMetrics().failures_total, 2);
  await restarted.advance(500);
  assert.equal(await next.execute(up), "up");
});

Deno.test("CircuitBreaker goes by the monotonic clock alone", async () => {
  const { breaker, clock, fail } = setUp();
  await fail(2);
  clock.jumpWall(3_600_000);
  await assert.rejects(breaker.execute(up), { retryAfterMs: 1_000 });
});

Deno.test("CircuitBreaker tells failures in a row whatever its state, until a success", async () => {
  const { breaker, clock, fail } = setUp({ successThreshold: 2 });
  const inARow = () => breaker.getMetrics().consecutive_failures;
  await fail(2);
  assert.deepEqual([breaker.state.kind, inARow()], ["OPEN", 2]);
  await clock.advance(1_000);
  await fail(1);
  assert.deepEqual([breaker.state.kind, inARow()], ["OPEN", 3]);
  breaker.open({ actor: "ada", reason: "drill", holdMs: 10 });
  assert.equal(inARow(), 3);
  await clock.advance(10);
  await breaker.execute(up);
  assert.deepEqual([breaker.state.kind, inARow()], ["HALF_OPEN", 0]);
  await breaker.execute(up);
  assert.deepEqual([breaker.state.kind, inARow()], ["CLOSED", 0]);
});

Deno.test("CircuitBreaker refuses a hold that is no number", () => {
  const { breaker } = setUp();
  for (const holdMs of ["1000", NaN, 0, -1]) {
    const hold = { actor: "ada", reason: "drill", holdMs: holdMs as number };
    assert.throws(() => breaker.open(hold), RangeError);
  }
  assert.equal(breaker.state.kind, "CLOSED");
});
