import assert from "node:assert/strict";
import { CliError } from "../../cli/cli_error.ts";
import { retryPauseMs, waitForStore } from "../../cli/wait_for_store.ts";
import { StoreUnavailableError } from "../../coordination/errors.ts";
import { FakeClock } from "../../testing/fake_clock.ts";

const passing = new CliError("down", { code: "X", exitCode: 3, hint: "", passing: true });

Deno.test("retryPauseMs doubles up to 5 s, between half and all of it", () => {
  const cases = [[0, 0, 125], [0, 1, 250], [1, 1, 500], [4, 1, 4_000], [5, 1, 5_000], [
    1_000,
    0,
    2_500,
  ]] as const;
  for (const [failures, random, ms] of cases) assert.equal(retryPauseMs(failures, random), ms);
});

Deno.test("waitForStore attempts again until it succeeds, and tells of each failure", async () => {
  const clock = new FakeClock();
  const errors: Error[] = [passing, new StoreUnavailableError("read", new Error("x"))];
  const retries: [Error, number][] = [];
  const result = waitForStore(() => {
    const error = errors.shift();
    return error ? Promise.reject(error) : Promise.resolve("open");
  }, {
    clock,
    random: () => 1,
    signal: new AbortController().signal,
    onRetry: (error, pauseMs) => retries.push([error, pauseMs]),
  });
  await clock.advance(750);
  assert.equal(await result, "open");
  assert.deepEqual(retries.map(([error, ms]) => [error.name, ms]), [["CliError", 250], [
    "StoreUnavailableError",
    500,
  ]]);
});

Deno.test("waitForStore gives up on what does not pass, and when asked to stop", async () => {
  const clock = new FakeClock();
  const stop = new AbortController();
  const options = { clock, random: () => 1, signal: stop.signal, onRetry: () => {} };
  const lasting = new CliError("no", { code: "X", exitCode: 69, hint: "" });
  await assert.rejects(waitForStore(() => Promise.reject(lasting), options), lasting);
  const waiting = waitForStore(() => Promise.reject(passing), options);
  const rejected = assert.rejects(waiting, { message: "stop" });
  await clock.advance(100);
  stop.abort(new Error("stop"));
  await rejected;
  assert.equal(clock.sleeperCount, 0);
});
