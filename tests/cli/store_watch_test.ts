import assert from "node:assert/strict";
import { watchStore } from "../../cli/store_watch.ts";
import { FakeClock } from "../../testing/fake_clock.ts";

const FILE = { device: 1, inode: 2, logInode: null };

function setUp(identify: () => Promise<typeof FILE | null>) {
  const clock = new FakeClock();
  const watch = watchStore({
    location: "a.db",
    openedFile: FILE,
    identify,
    intervalMs: 100,
    hint: "",
    clock,
  });
  return { clock, watch };
}

Deno.test("watchStore aborts with the error when the store is lost, or can no longer be seen", async () => {
  const cases = [
    { name: "deleted", identify: () => Promise.resolve(null) },
    { name: "unseen", identify: () => Promise.reject(new Deno.errors.PermissionDenied("no")) },
  ];
  for (const { name, identify } of cases) {
    const { clock, watch } = setUp(identify);
    await clock.advance(99);
    assert.equal(watch.lost.aborted, false, name);
    await clock.advance(1);
    assert.equal(watch.lost.reason?.code, "STORE_LOST", name);
    await watch[Symbol.asyncDispose]();
  }
});

Deno.test("watchStore aborts when its clock fails", async () => {
  const fault = new Error("no time");
  const clock = Object.assign(new FakeClock(), { sleep: () => Promise.reject(fault) });
  const watch = watchStore({
    location: "a.db",
    openedFile: FILE,
    identify: () => Promise.resolve(FILE),
    intervalMs: 100,
    hint: "",
    clock,
  });
  await clock.advance(0);
  await watch[Symbol.asyncDispose]();
  assert.equal(watch.lost.reason, fault);
});

Deno.test("watchStore leaves nothing behind", async () => {
  const { clock, watch } = setUp(() => Promise.resolve(FILE));
  await clock.advance(100);
  await watch[Symbol.asyncDispose]();
  assert.deepEqual([watch.lost.aborted, clock.sleeperCount], [false, 0]);
});
