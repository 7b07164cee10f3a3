import assert from "node:assert/strict";
import { customCheck } from "../../../health/checks/custom_check.ts";
import { lookWith, shortLook } from "./check_runs.ts";

Deno.test("customCheck is well without an answer, and passes on what is said", async () => {
  assert.deepEqual(await shortLook(customCheck(() => {})), ["HEALTHY", undefined]);
  const tired = customCheck(() => Promise.resolve({ status: "degraded", message: "tired" }));
  assert.deepEqual(await shortLook(tired), ["degraded", "tired"]);
  await assert.rejects(() => lookWith(customCheck(() => Promise.reject(new Error("down")))));
});

Deno.test("customCheck hands on signal and clock", async () => {
  const signal = AbortSignal.abort();
  await lookWith(
    customCheck((context) => {
      assert.equal(context.signal, signal);
      assert.equal(context.clock.monotonic(), 0);
    }),
    signal,
  );
});
