import assert from "node:assert/strict";
import {
  CLEANUP_TIMEOUT_MS,
  CleanupStack,
  MAX_CLEANUPS,
} from "../../../engines/context/cleanup_stack.ts";
import { FakeClock } from "../../../testing/fake_clock.ts";

Deno.test("CleanupStack runs callbacks last first, waits for each, and goes on after a failure", async () => {
  const stack = new CleanupStack(new FakeClock(), null);
  const done: string[] = [];
  stack.push(() => done.push("first"));
  stack.push(() => {
    throw new Error("sync");
  });
  stack.push(async () => {
    await Promise.resolve();
    done.push("third");
  });
  stack.push(() => Promise.reject(new Error("async")));
  const report = await stack.run();
  assert.deepEqual(done, ["third", "first"]);
  assert.equal(report.callbackCount, 4);
  assert.equal(report.failureCount, 2);
  assert.deepEqual(report.failures.map(String), ["Error: async", "Error: sync"]);
});

Deno.test("CleanupStack runs once, whoever asks and when", async () => {
  const stack = new CleanupStack(new FakeClock(), null);
  let count = 0;
  let inside: unknown;
  stack.push(() => {
    count++;
    inside = stack.run();
  });
  const [one, two] = await Promise.all([stack.run(), stack.run()]);
  assert.equal(count, 1);
  assert.equal(one, two);
  assert.equal(await inside, one);
  assert.equal(await stack.run(), one);
});

Deno.test("CleanupStack runs the same function as often as it was registered", async () => {
  const stack = new CleanupStack(new FakeClock(), null);
  let count = 0;
  const callback = () => count++;
  stack.push(callback);
  stack.push(callback);
  await stack.run();
  assert.equal(count, 2);
});

Deno.test("CleanupStack runs a child's callbacks in the place of the child's first", async () => {
  const clock = new FakeClock();
  const parent = new CleanupStack(clock, null);
  const child = new CleanupStack(clock, parent);
  const done: string[] = [];
  parent.push(() => done.push("parent 1"));
  child.push(() => done.push("child 1"));
  parent.push(() => done.push("parent 2"));
  child.push(() => {
    done.push("child 2");
    throw new Error("child");
  });
  const report = await parent.run();
  assert.deepEqual(done, ["parent 2", "child 2", "child 1", "parent 1"]);
  assert.equal(report.callbackCount, 4);
  assert.equal(report.failureCount, 1);
});

Deno.test("CleanupStack forgets a child that was cleaned up, and leaves the parent alone", async () => {
  const clock = new FakeClock();
  const parent = new CleanupStack(clock, null);
  const done: string[] = [];
  parent.push(() => done.push("parent"));
  for (let i = 0; i < MAX_CLEANUPS + 5; i++) {
    const child = new CleanupStack(clock, parent);
    child.push(() => done.push("child"));
    await child.run();
  }
  assert.ok(!done.includes("parent"));
  const { callbackCount } = await parent.run();
  assert.equal(callbackCount, 1);
  assert.equal(done.at(-1), "parent");
});

Deno.test("CleanupStack of a parent waits for a child's cleanup under way", async () => {
  const clock = new FakeClock();
  const parent = new CleanupStack(clock, null);
  const child = new CleanupStack(clock, parent);
  const gate = Promise.withResolvers<void>();
  const done: string[] = [];
  child.push(() => gate.promise.then(() => done.push("child")));
  void child.run();
  const whole = parent.run().then(() => done.push("parent"));
  await Promise.resolve();
  gate.resolve();
  await whole;
  assert.deepEqual(done, ["child", "parent"]);
});

Deno.test("CleanupStack counts a callback that takes too long as a failure, and goes on", async () => {
  const clock = new FakeClock();
  const stack = new CleanupStack(clock, null);
  let ran = false;
  stack.push(() => ran = true);
  stack.push(() => new Promise(() => {}));
  const report = stack.run();
  await clock.advance(CLEANUP_TIMEOUT_MS - 1);
  assert.equal(ran, false);
  await clock.advance(1);
  assert.match(String((await report).failures[0]), /took more than 5000 ms/);
  assert.equal(ran, true);
  assert.equal(clock.sleeperCount, 0);
});

Deno.test("CleanupStack refuses what it could not run", async () => {
  const clock = new FakeClock();
  const parent = new CleanupStack(clock, null);
  const child = new CleanupStack(clock, parent);
  assert.throws(() => parent.push(5 as never), {
    name: "InvalidContextError",
    message: "Cannot register a cleanup: a cleanup callback must be a function",
  });
  for (let i = 0; i < MAX_CLEANUPS; i++) parent.push(() => {});
  const full = /^Cannot register a cleanup: there are 1000 cleanup callbacks already$/;
  assert.throws(() => parent.push(() => {}), { message: full });
  assert.throws(() => child.push(() => {}), { message: full });
  await parent.run();
  const over = "Cannot register a cleanup: the context was cleaned up already";
  assert.throws(() => parent.push(() => {}), { name: "InvalidContextError", message: over });
  assert.throws(() => child.push(() => {}), { name: "InvalidContextError", message: over });
});
