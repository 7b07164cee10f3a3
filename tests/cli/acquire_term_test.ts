import assert from "node:assert/strict";
import { type AcquireOptions, acquireTerm, type Candidate } from "../../cli/acquire_term.ts";
import type { Term } from "../../coordination/term.ts";
import { FakeClock } from "../../testing/fake_clock.ts";

const TERM = { term: 7 } as Term;

function setUp(candidate: Partial<Candidate> = {}, options: Partial<AcquireOptions> = {}) {
  const clock = new FakeClock();
  const stop = new AbortController();
  const waits: (string | null)[] = [];
  const election: Candidate = {
    name: "lock",
    tryAcquire: () => Promise.resolve(null),
    leader: () => Promise.resolve({ holderId: "other", term: 6 }),
    campaign: async ({ signal }) => {
      await clock.sleep(500, signal ? { signal } : {});
      return TERM;
    },
    ...candidate,
  };
  const acquired = acquireTerm(election, {
    tryOnly: false,
    timeoutMs: undefined,
    stop: stop.signal,
    clock,
    onWait: ({ holderId }) => waits.push(holderId),
    ...options,
  });
  return { clock, stop, waits, acquired };
}

Deno.test("acquireTerm takes a free lock without a word", async () => {
  const { waits, acquired } = setUp({ tryAcquire: () => Promise.resolve(TERM) });
  assert.equal(await acquired, TERM);
  assert.deepEqual(waits, []);
});

Deno.test("acquireTerm waits for its turn and says for whom", async () => {
  for (const timeoutMs of [undefined, 501]) {
    const { clock, waits, acquired } = setUp({}, { timeoutMs });
    await clock.advance(500);
    assert.equal(await acquired, TERM);
    assert.deepEqual(waits, ["other"]);
    assert.equal(clock.sleeperCount, 0);
  }
});

Deno.test("acquireTerm only tries when told so", async () => {
  await assert.rejects(setUp({}, { tryOnly: true }).acquired, {
    code: "HELD",
    exitCode: 75,
    message: 'The lock "lock" is held by other in term 6',
  });
  const leader = () => Promise.resolve({ holderId: null, term: 6 });
  await assert.rejects(setUp({ leader }, { tryOnly: true }).acquired, {
    message: 'The lock "lock" is being taken by another process',
  });
});

Deno.test("acquireTerm gives up when the time is up", async () => {
  const { clock, acquired } = setUp({}, { timeoutMs: 300 });
  const rejected = assert.rejects(acquired, {
    code: "TIMED_OUT",
    exitCode: 124,
    message: 'The lock "lock" did not come free in 300ms',
  });
  await clock.advance(300);
  await rejected;
  assert.equal(clock.sleeperCount, 0);
});

Deno.test("acquireTerm gives up when asked to stop", async () => {
  const { clock, stop, acquired } = setUp({}, { timeoutMs: 300 });
  const rejected = assert.rejects(acquired, { message: "stop" });
  await clock.advance(100);
  stop.abort(new Error("stop"));
  await rejected;
  assert.equal(clock.sleeperCount, 0);
});
