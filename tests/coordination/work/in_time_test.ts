import assert from "node:assert/strict";
import { inTime } from "../../../coordination/work/in_time.ts";
import { FakeClock } from "../../../testing/fake_clock.ts";

const never = new Promise<string>(() => {});

Deno.test("inTime gives the answer, and leaves no timer and no listener behind", async () => {
  const clock = new FakeClock();
  const { signal } = new AbortController();
  let listeners = 0;
  const { addEventListener } = signal;
  signal.addEventListener = (...args: Parameters<typeof addEventListener>) => {
    listeners++;
    const options = args[2] as AddEventListenerOptions;
    options.signal?.addEventListener("abort", () => listeners--);
    addEventListener.apply(signal, args);
  };
  assert.equal(await inTime(Promise.resolve("yes"), { untilMs: 100, signal }, clock), "yes");
  const no = new Error("no");
  await assert.rejects(inTime(Promise.reject(no), { untilMs: 100, signal }, clock), no);
  assert.deepEqual([listeners, clock.sleeperCount], [0, 0]);
});

Deno.test("inTime ends with the time, or with the signal", async () => {
  const clock = new FakeClock();
  const late = inTime(never, { untilMs: clock.monotonic() + 100, signal: undefined }, clock);
  late.catch(() => {});
  await clock.advance(99);
  assert.equal(clock.sleeperCount, 1);
  await clock.advance(1);
  await assert.rejects(late, { code: "DEADLINE" });
  const stop = new AbortController();
  const stopped = inTime(never, { untilMs: Infinity, signal: stop.signal }, clock);
  stop.abort(new Error("enough"));
  await assert.rejects(stopped, { message: "enough" });
  await assert.rejects(inTime(never, { untilMs: Infinity, signal: stop.signal }, clock), {
    message: "enough",
  });
});
