import assert from "node:assert/strict";
import { sharedStore } from "../../coordination/shared_store.ts";
import { FakeClock } from "../../testing/fake_clock.ts";

Deno.test("sharedStore gives one port and one pulse for a handle, a clock and a timeout, and others for others", async () => {
  using kv = await Deno.openKv(":memory:");
  using other = await Deno.openKv(":memory:");
  const clock = new FakeClock();
  const options = { clock, random: () => 0, attemptTimeoutMs: 100 };
  const first = sharedStore(kv, options);
  assert.deepEqual([first.store.kv, first.store.clock], [kv, clock]);
  const cases = [
    {
      name: "another chance",
      shared: sharedStore(kv, { ...options, random: () => 0.5 }),
      same: [true, true],
    },
    {
      name: "another timeout",
      shared: sharedStore(kv, { ...options, attemptTimeoutMs: 99 }),
      same: [true, false],
    },
    {
      name: "another clock",
      shared: sharedStore(kv, { ...options, clock: new FakeClock() }),
      same: [false, false],
    },
    { name: "another handle", shared: sharedStore(other, options), same: [false, false] },
  ];
  for (const { name, shared, same } of cases) {
    assert.deepEqual([shared.store === first.store, shared.pulse === first.pulse], same, name);
  }
});
