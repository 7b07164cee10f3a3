import assert from "node:assert/strict";
import { turnEventLoop } from "../../testing/sim_time.ts";
import { hearUncaughtErrors } from "../../testing/uncaught_errors.ts";

Deno.test("hearUncaughtErrors hears rejections without a handler and thrown errors, until it is ended", async () => {
  const heard: unknown[] = [];
  const end = hearUncaughtErrors((error) => heard.push(error));
  const [rejected, thrown, handled] = [new Error("rejected"), new Error("thrown"), new Error("no")];
  void Promise.reject(rejected);
  await turnEventLoop();
  queueMicrotask(() => {
    throw thrown;
  });
  await turnEventLoop();
  Promise.reject(handled).catch(() => {});
  await turnEventLoop();
  end();
  assert.deepEqual(heard, [rejected, thrown]);
  const after = new Event("unhandledrejection", { cancelable: true });
  globalThis.dispatchEvent(after);
  assert.equal(after.defaultPrevented, false);
});
