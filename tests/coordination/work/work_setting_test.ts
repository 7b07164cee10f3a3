import assert from "node:assert/strict";
import { listenTo, type WorkSetting } from "../../../coordination/work/work_setting.ts";
import { TestStore } from "../../support/test_store.ts";

Deno.test("listenTo waits no longer than the poll of its store", async () => {
  using test = await TestStore.open();
  const setting = {
    store: test.port(test.handle()),
    storePath: ":memory:",
    timing: {
      leaseMs: 900,
      attemptTimeoutMs: 150,
      safetyPollMs: 500,
      blindPollMs: 100,
      debounceMs: 10,
    },
  } as unknown as WorkSetting;
  const waker = await listenTo(setting, ["bell"]);
  const startMs = test.clock.monotonic();
  await test.until(waker.wait(9_999, undefined), 1_000, 1);
  assert.equal(test.clock.monotonic() - startMs, 500);
  await test.until(waker[Symbol.asyncDispose]());
  assert.equal(test.clock.sleeperCount, 0);
});
