import assert from "node:assert/strict";
import { OpenWaits } from "../../coordination/open_waits.ts";
import { aborted } from "../../coordination/signals.ts";

const never = (error: unknown) => {
  throw error;
};

/** A loop over numbers that notes how it ended. */
async function* numbers(log: string[]): AsyncGenerator<number, void, undefined> {
  try {
    for (let n = 1;; n++) yield n;
  } finally {
    log.push("cleared up");
  }
}

Deno.test("OpenWaits until gives what it waits for, and what went wrong", async () => {
  const waits = new OpenWaits(never);
  assert.equal(await waits.until(() => Promise.resolve(7)), 7);
  const wrong = new Error("wrong");
  await assert.rejects(waits.until(() => Promise.reject(wrong)), wrong);
});

Deno.test("OpenWaits until ends with the caller's signal, with its reason", async () => {
  const waits = new OpenWaits(never);
  const stop = new AbortController();
  const why = new Error("enough");
  const wait = waits.until(async (signal) => {
    await aborted(signal);
    throw signal.reason;
  }, stop.signal);
  stop.abort(why);
  await assert.rejects(wait, why);
  await waits.close();
});

Deno.test("OpenWaits close ends every wait, and waits until it has ended", async () => {
  const waits = new OpenWaits(never);
  const log: string[] = [];
  const cleared = Promise.withResolvers<void>();
  const wait = waits.until(async (signal) => {
    await aborted(signal);
    await cleared.promise;
    log.push("ended");
    throw signal.reason;
  });
  const rejected = assert.rejects(wait, { name: "AbortError", message: "The node was shut down" });
  const closed = waits.close().then(() => log.push("closed"));
  await Promise.resolve();
  assert.deepEqual(log, []);
  cleared.resolve();
  await closed;
  assert.deepEqual(log, ["ended", "closed"]);
  await rejected;
});

Deno.test("OpenWaits until begins nothing after close", async () => {
  const waits = new OpenWaits(never);
  await waits.close();
  let hasBegun = false;
  const wait = waits.until(() => {
    hasBegun = true;
    return Promise.resolve();
  });
  await assert.rejects(wait, { name: "AbortError" });
  assert.equal(hasBegun, false);
});

Deno.test("OpenWaits follow hands a loop on, and clears it up when it is left", async () => {
  const waits = new OpenWaits(never);
  const log: string[] = [];
  for await (const n of waits.follow(() => numbers(log))) {
    log.push(String(n));
    if (n === 2) break;
  }
  assert.deepEqual(log, ["1", "2", "cleared up"]);
});

Deno.test("OpenWaits follow begins a loop under a signal that ends with the caller's and with close", async () => {
  const waits = new OpenWaits(never);
  const stop = new AbortController();
  const given: AbortSignal[] = [];
  const begin = (signal: AbortSignal) => {
    given.push(signal);
    return numbers([]);
  };
  const loops = [waits.follow(begin, stop.signal), waits.follow(begin)];
  for (const loop of loops) await loop.next();
  stop.abort();
  assert.deepEqual(given.map(({ aborted }) => aborted), [true, false]);
  await waits.close();
  assert.deepEqual(given.map(({ aborted }) => aborted), [true, true]);
});

Deno.test("OpenWaits close clears up a loop whose body is being run; its next turn is none", async () => {
  const waits = new OpenWaits(never);
  const log: string[] = [];
  const loop = waits.follow(() => numbers(log));
  assert.equal((await loop.next()).value, 1);
  await waits.close();
  assert.deepEqual(log, ["cleared up"]);
  assert.deepEqual(await loop.next(), { done: true, value: undefined });
});

Deno.test("OpenWaits close can be called from the body of a loop", async () => {
  const waits = new OpenWaits(never);
  const log: string[] = [];
  for await (const n of waits.follow(() => numbers(log))) {
    log.push(String(n));
    await waits.close();
  }
  assert.deepEqual(log, ["1", "cleared up"]);
});

Deno.test("OpenWaits close tells what went wrong while a loop cleared up", async () => {
  const told: unknown[] = [];
  const waits = new OpenWaits((error) => told.push(error));
  const wrong = new Error("wrong");
  async function* broken(): AsyncGenerator<number, void, undefined> {
    try {
      yield 1;
    } finally {
      await Promise.reject(wrong);
    }
  }
  const loop = waits.follow(broken);
  await loop.next();
  await waits.close();
  assert.deepEqual(told, [wrong]);
});
