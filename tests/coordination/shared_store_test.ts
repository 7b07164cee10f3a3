import assert from "node:assert/strict";
import { sharedStore } from "../../coordination/shared_store.ts";
import { FakeClock } from "../../testing/fake_clock.ts";

Deno.test("sharedStore gives one port and one pulse for a handle and a clock, and others for others", async () => {
  using kv = await Deno.openKv(":memory:");
  using other = await Deno.openKv(":memory:");
  const clock = new FakeClock();
  const first = sharedStore(kv, clock, () => 0);
  assert.equal(sharedStore(kv, clock, () => 0.5), first);
  assert.notEqual(sharedStore(other, clock, () => 0), first);
  assert.notEqual(sharedStore(kv, new FakeClock(), () => 0), first);
  assert.equal(first.store.kv, kv);
  assert.equal(first.store.clock, clock);
});
