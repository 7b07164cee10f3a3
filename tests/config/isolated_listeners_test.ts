import assert from "node:assert/strict";
import { IsolatedListeners } from "../../config/isolated_listeners.ts";

Deno.test("IsolatedListeners tells everybody, whatever one of them throws", () => {
  const listeners = new IsolatedListeners<number>();
  const seen: number[] = [];
  listeners.add(() => {
    throw Object.create(null);
  });
  listeners.add((event) => seen.push(event));
  listeners.tell(7);
  assert.deepEqual(seen, [7]);
  assert.equal(listeners.metrics.listener_faults_total, 1);
  assert.match(listeners.metrics.last_listener_fault ?? "", /cannot be shown/);
});

Deno.test("IsolatedListeners counts rejections, and drops events for one that never ends", async () => {
  const listeners = new IsolatedListeners<number>();
  let calls = 0;
  const { promise, reject } = Promise.withResolvers<void>();
  const forget = listeners.add(() => {
    calls++;
    return promise;
  });
  for (let event = 0; event < 20; event++) listeners.tell(event);
  assert.equal(calls, 16);
  assert.equal(listeners.metrics.listener_drops_total, 4);
  reject(new Error("at last"));
  for (let turn = 0; turn < 5; turn++) await Promise.resolve();
  assert.equal(listeners.metrics.listener_faults_total, 16);
  assert.equal(listeners.metrics.last_listener_fault, "Error: at last");
  listeners.tell(21);
  assert.equal(calls, 17);
  forget();
  listeners.tell(22);
  assert.equal(calls, 17);
});

Deno.test("IsolatedListeners refuses what is no function", () => {
  const nothing = undefined as unknown as () => void;
  assert.throws(() => new IsolatedListeners().add(nothing), TypeError);
});

Deno.test("IsolatedListeners tells a function as often as it was added, until it is taken away", () => {
  const listeners = new IsolatedListeners<number>();
  let calls = 0;
  const listener = () => void calls++;
  const forget = listeners.add(listener);
  listeners.add(listener);
  listeners.tell(1);
  assert.equal(calls, 2);
  forget();
  forget();
  listeners.tell(2);
  assert.equal(calls, 3);
  listeners.clear();
  listeners.tell(3);
  assert.equal(calls, 3);
});
