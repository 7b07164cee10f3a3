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

Deno.test("aborted neither resolves nor keeps a listener when it is no longer wanted", async () => {
  const controller = new AbortController();
  const unwanted = new AbortController();
  let added = 0;
  const { signal } = controller;
  const add = signal.addEventListener.bind(signal);
  signal.addEventListener = (type: string, listener: unknown, options?: unknown) => {
    added++;
    assert.equal((options as AddEventListenerOptions).signal, unwanted.signal);
    add(type, listener as EventListener, options as AddEventListenerOptions);
  };
  let resolved = false;
  void aborted(signal, unwanted.signal).then(() => resolved = true);
  unwanted.abort();
  controller.abort();
  await new Promise((resolve) => queueMicrotask(() => resolve(null)));
  assert.deepEqual([added, resolved], [1, false]);
});

Deno.test("aborted resolves when the signal aborts while it is wanted", async () => {
  const controller = new AbortController();
  const waiting = aborted(controller.signal, new AbortController().signal);
  controller.abort();
  await waiting;
});
