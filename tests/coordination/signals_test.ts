import assert from "node:assert/strict";
import { aborted } from "../../coordination/signals.ts";

Deno.test("aborted resolves when the signal has aborted before, and when it aborts later", async () => {
  await aborted(AbortSignal.abort());
  const controller = new AbortController();
  let resolved = false;
  const waiting = aborted(controller.signal).then(() => resolved = true);
  await Promise.resolve();
  assert.equal(resolved, false);
  controller.abort();
  await waiting;
  assert.equal(resolved, true);
});
