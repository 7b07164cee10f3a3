import assert from "node:assert/strict";
import fc from "fast-check";
import { RetryBudget, type RetryBudgetOptions } from "../../health/retry_budget.ts";
import { FakeClock } from "../../testing/fake_clock.ts";

function drain(budget: RetryBudget): number {
  let taken = 0;
  while (budget.take()) taken++;
  return taken;
}

Deno.test("RetryBudget starts with 100 retries, gains 10 a second and one for five calls", async () => {
  const clock = new FakeClock();
  const budget = new RetryBudget({ clock });
  assert.equal(drain(budget), 100);
  await clock.advance(1_000);
  assert.equal(drain(budget), 10);
  for (let call = 0; call < 11; call++) budget.noteCall();
  assert.equal(drain(budget), 2);
});

Deno.test("RetryBudget saves up no more than its capacity", async () => {
  const clock = new FakeClock();
  const budget = new RetryBudget({ clock, capacity: 3 });
  await clock.advance(1e9);
  for (let call = 0; call < 1_000; call++) budget.noteCall();
  assert.equal(budget.available, 3);
});

Deno.test("RetryBudget fills while nobody looks", async () => {
  const clock = new FakeClock();
  const budget = new RetryBudget({ clock, retriesPerSecond: 2 });
  drain(budget);
  await clock.advance(2_500);
  assert.equal(budget.available, 5);
});

Deno.test("RetryBudget never allows more retries than capacity, calls and time pay for", async () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant("call" as const) }),
    fc.record({ kind: fc.constant("retry" as const) }),
    fc.record({ kind: fc.constant("wait" as const), ms: fc.integer({ min: 0, max: 500 }) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 200 }), async (steps) => {
      const clock = new FakeClock();
      const budget = new RetryBudget({ clock, capacity: 5 });
      let calls = 0;
      let retries = 0;
      for (const each of steps) {
        if (each.kind === "wait") await clock.advance(each.ms);
        if (each.kind === "call") budget.noteCall();
        if (each.kind === "call") calls++;
        if (each.kind === "retry" && budget.take()) retries++;
        const paid = 5 + 0.2 * calls + 10 * clock.monotonic() / 1_000;
        assert.ok(retries <= paid + 1e-6, `${retries} retries for ${paid}`);
      }
    }),
    { numRuns: 50 },
  );
});

const invalid: readonly [string, RetryBudgetOptions][] = [
  ["retriesPerCall", { retriesPerCall: 1.1 }],
  ["retriesPerSecond", { retriesPerSecond: -1 }],
  ["capacity", { capacity: Infinity }],
];

for (const [name, options] of invalid) {
  Deno.test(`RetryBudget refuses ${name} when it is out of range`, () => {
    assert.throws(() => new RetryBudget(options), (error: unknown) => {
      return error instanceof RangeError && error.message.startsWith(`${name} must be`);
    });
  });
}
