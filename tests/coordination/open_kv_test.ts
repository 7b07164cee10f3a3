import assert from "node:assert/strict";
import { openKv } from "../../coordination/open_kv.ts";
import { FakeClock } from "../../testing/fake_clock.ts";

/** A store that notes that it was closed. */
function fakeKv() {
  const seen = { closed: 0 };
  return { seen, kv: { close: () => seen.closed++ } as unknown as Deno.Kv };
}

Deno.test("openKv opens a store", async () => {
  using kv = await openKv(":memory:");
  await kv.set(["k"], 1);
  assert.equal((await kv.get(["k"])).value, 1);
});

Deno.test("openKv waits its turn while other processes open the same file (T7)", async () => {
  const clock = new FakeClock();
  const { kv } = fakeKv();
  const paths: string[] = [];
  const open = (path: string) => {
    paths.push(path);
    return paths.length < 4
      ? Promise.reject(new TypeError("database is locked"))
      : Promise.resolve(kv);
  };
  const opening = openKv("/data/x.db", { open, clock, random: () => 0 });
  await clock.advance(7);
  assert.equal(await opening, kv);
  assert.deepEqual(paths, Array(4).fill("/data/x.db"));
});

Deno.test("openKv spreads its attempts by the random it is given", async () => {
  const clock = new FakeClock();
  let calls = 0;
  const open = () =>
    ++calls === 1 ? Promise.reject(new Error("database is locked")) : Promise.resolve(fakeKv().kv);
  const opening = openKv("x", { open, clock, random: () => 1 });
  await clock.advance(1.9);
  assert.equal(calls, 1);
  await clock.advance(0.1);
  await opening;
  assert.equal(calls, 2);
});

Deno.test("openKv rejects with the error of a store that cannot be opened", async () => {
  const open = () => Promise.reject(new Deno.errors.NotFound("no such folder"));
  await assert.rejects(openKv("x", { open }), { name: "NotFound", message: "no such folder" });
});

Deno.test("openKv gives up after its timeout, and closes a store that opens later", async () => {
  for (
    const { timeoutMs, waitsMs } of [{ timeoutMs: 300, waitsMs: 300 }, {
      timeoutMs: undefined,
      waitsMs: 5_000,
    }]
  ) {
    const clock = new FakeClock();
    const { kv, seen } = fakeKv();
    const late = Promise.withResolvers<Deno.Kv>();
    const options = {
      open: () => late.promise,
      clock,
      ...(timeoutMs !== undefined && { timeoutMs }),
    };
    let isOver = false;
    const opening = openKv("x", options);
    opening.catch(() => isOver = true);
    await clock.advance(waitsMs - 1);
    assert.equal(isOver, false);
    await clock.advance(1);
    await assert.rejects(opening, {
      name: "DeadlineError",
      message: `no answer within ${waitsMs} ms`,
    });
    assert.equal(seen.closed, 0);
    late.resolve(kv);
    await clock.advance(0);
    assert.equal(seen.closed, 1);
  }
});
