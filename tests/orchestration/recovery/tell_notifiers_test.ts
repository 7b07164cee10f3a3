import assert from "node:assert/strict";
import type { Notifier } from "../../../orchestration/recovery/notifier.ts";
import { tellNotifiers } from "../../../orchestration/recovery/tell_notifiers.ts";
import { aNotice } from "./a_notice.ts";

const OPTIONS = { signal: new AbortController().signal };

Deno.test("tellNotifiers tells all of them, whichever fails, and waits for all", async () => {
  const told: string[] = [];
  const slow = Promise.withResolvers<void>();
  const notifiers: Notifier[] = [
    {
      notify: () => {
        throw new Error("no line");
      },
    },
    { notify: () => Promise.reject(new Error("no answer")) },
    {
      notify: async (notice, { signal }) => {
        assert.equal(signal, OPTIONS.signal);
        await slow.promise;
        told.push(notice.text);
      },
    },
    { notify: ({ text }) => void told.push(text) },
  ];
  const ended = tellNotifiers(notifiers, aNotice(), OPTIONS).catch((error) => {
    told.push(`failed: ${error.message}`);
  });
  await new Promise((resolve) => queueMicrotask(() => resolve(null)));
  assert.deepEqual(told, ["It timed out"]);
  slow.resolve();
  await ended;
  assert.deepEqual(told, ["It timed out", "It timed out", "failed: no line"]);
});

Deno.test("tellNotifiers is content when nobody fails, or nobody is there", async () => {
  await tellNotifiers([], aNotice(), OPTIONS);
  await tellNotifiers([{ notify: () => {} }], aNotice(), OPTIONS);
});
