import assert from "node:assert/strict";
import { within } from "../../../engines/factory/within.ts";
import { FakeClock } from "../../../testing/fake_clock.ts";

function caseOf() {
  const clock = new FakeClock();
  const late: string[] = [];
  const options = {
    clock,
    timeoutMs: 100,
    what: "Making it",
    onLate: (value: string) => void late.push(value),
  };
  return { clock, late, options, ...Promise.withResolvers<string>() };
}

Deno.test("within returns what comes in time, and leaves no timer behind", async () => {
  const { clock, late, options, promise, resolve } = caseOf();
  const answer = within(promise, options);
  await clock.advance(99);
  resolve("made");
  assert.equal(await answer, "made");
  await clock.advance(1_000);
  assert.deepEqual([late, clock.sleeperCount], [[], 0]);
});

Deno.test("within passes on a failure that comes in time", async () => {
  const { clock, options, promise, reject } = caseOf();
  const answer = within(promise, options);
  reject(new TypeError("broken"));
  await assert.rejects(answer, { name: "TypeError", message: "broken" });
  assert.equal(clock.sleeperCount, 0);
});

Deno.test("within gives up when it takes too long, and hands over what comes later", async () => {
  const { clock, late, options, promise, resolve } = caseOf();
  const answer = within(promise, options);
  const refused = assert.rejects(answer, { message: "Making it took more than 100 ms" });
  await clock.advance(100);
  await refused;
  resolve("late");
  await promise;
  assert.deepEqual(late, ["late"]);
});

Deno.test("within lets a failure go that comes too late", async () => {
  const { clock, late, options, promise, reject } = caseOf();
  const refused = assert.rejects(within(promise, options));
  await clock.advance(100);
  await refused;
  reject(new Error("nobody hears it"));
  await clock.advance(0);
  assert.deepEqual(late, []);
});
