import assert from "node:assert/strict";
import { MemoryRecoveryStorage } from "../../../orchestration/recovery/memory_recovery_storage.ts";
import {
  addPause,
  listPauses,
  type PauseOptions,
  removePauses,
} from "../../../orchestration/recovery/recovery_pause.ts";
import { NOW_MS } from "./recovery_fixtures.ts";

const UPGRADE: PauseOptions = { reason: "upgrade", actor: "kim" };

Deno.test("addPause stores a pause that holds until it is over", async () => {
  const storage = new MemoryRecoveryStorage();
  const pause = await addPause(storage, { ...UPGRADE, expiresInMs: 60_000 }, NOW_MS);
  assert.deepEqual(pause, {
    id: pause.id,
    reason: "upgrade",
    actor: "kim",
    since: "2026-11-21T13:00:00.000Z",
    until: "2026-11-21T13:01:00.000Z",
  });
  assert.deepEqual(await listPauses(storage, NOW_MS + 59_999), [pause]);
  assert.deepEqual(await listPauses(storage, NOW_MS + 60_000), []);
  const endless = await addPause(storage, UPGRADE, NOW_MS);
  assert.deepEqual(await listPauses(storage, NOW_MS * 2), [endless]);
});

Deno.test("addPause refuses what is no reason, no actor and no time", async () => {
  const cases: [options: unknown, error: typeof TypeError][] = [
    [{ ...UPGRADE, reason: "" }, TypeError],
    [{ ...UPGRADE, reason: " " }, TypeError],
    [{ ...UPGRADE, reason: 5 }, TypeError],
    [{ ...UPGRADE, actor: undefined }, TypeError],
    [{ ...UPGRADE, actor: "x".repeat(501) }, TypeError],
    [{ ...UPGRADE, expiresInMs: 0 }, RangeError],
    [{ ...UPGRADE, expiresInMs: -1 }, RangeError],
    [{ ...UPGRADE, expiresInMs: NaN }, RangeError],
    [{ ...UPGRADE, expiresInMs: Infinity }, RangeError],
    [{ ...UPGRADE, expiresInMs: 1e15 }, RangeError],
    [{ ...UPGRADE, expiresInMs: "60000" }, RangeError],
  ];
  const storage = new MemoryRecoveryStorage();
  for (const [options, name] of cases) {
    await assert.rejects(addPause(storage, options as PauseOptions, NOW_MS), (error: Error) => {
      assert.ok(error instanceof name, JSON.stringify(options));
      assert.match(error.message, /^Cannot pause: /);
      return true;
    });
  }
  assert.deepEqual(await listPauses(storage, NOW_MS), []);
});

Deno.test("addPause refuses the hundred and first, of those that still hold", async () => {
  const storage = new MemoryRecoveryStorage();
  for (let i = 0; i < 100; i++) await addPause(storage, { ...UPGRADE, expiresInMs: 1_000 }, NOW_MS);
  await assert.rejects(addPause(storage, UPGRADE, NOW_MS), {
    name: "RangeError",
    message: "Cannot pause: there are 100 pauses already",
  });
  const next = await addPause(storage, UPGRADE, NOW_MS + 1_000);
  assert.deepEqual(await listPauses(storage, NOW_MS + 1_000), [next]);
  assert.equal((await storage.list(["pauses"], { limit: 200 })).length, 1);
});

Deno.test("removePauses ends one pause, or all, and says which", async () => {
  const storage = new MemoryRecoveryStorage();
  const pauses = [];
  for (let i = 0; i < 3; i++) pauses.push(await addPause(storage, UPGRADE, NOW_MS));
  assert.deepEqual(await removePauses(storage, "__proto__"), []);
  assert.deepEqual(await removePauses(storage, pauses[1]!.id), [pauses[1]]);
  assert.equal((await removePauses(storage)).length, 2);
  assert.deepEqual(await removePauses(storage), []);
  assert.deepEqual(await listPauses(storage, NOW_MS), []);
});

Deno.test("addPause lets pauses hold that are added at once, and removePauses ends them all", async () => {
  const storage = new MemoryRecoveryStorage();
  const expiring = { ...UPGRADE, expiresInMs: 1_000 };
  const add = (_: unknown, i: number) => addPause(storage, i < 140 ? expiring : UPGRADE, NOW_MS);
  const added = await Promise.all(Array.from({ length: 250 }, add));
  assert.equal((await listPauses(storage, NOW_MS)).length, 250);
  assert.equal((await listPauses(storage, NOW_MS + 1_000)).length, 110, "none hides another");
  await assert.rejects(addPause(storage, UPGRADE, NOW_MS + 1_000), { name: "RangeError" });
  const last = added.map(({ id }) => id).sort().at(-1)!;
  assert.deepEqual((await removePauses(storage, last)).map(({ id }) => id), [last]);
  assert.equal((await removePauses(storage)).length, 249);
  assert.deepEqual(await storage.list(["pauses"], { limit: 1_000 }), []);
  await Promise.all(Array.from({ length: 600 }, () => addPause(storage, expiring, NOW_MS)));
  await addPause(storage, UPGRADE, NOW_MS + 1_000); // more are over than one change may remove
  assert.equal((await listPauses(storage, NOW_MS + 1_000)).length, 1);
});

Deno.test("listPauses lets a pause hold that cannot be read, and removePauses ends it", async () => {
  const broken = [
    null,
    5,
    {},
    { reason: "r", actor: "a", since: "s" },
    { reason: "r", actor: "a", since: "s", until: "soon" },
    { reason: "r", actor: "a", since: "s", until: 5 },
  ];
  for (const value of broken) {
    const storage = new MemoryRecoveryStorage();
    await storage.commit({ sets: [{ key: ["pauses", "p1"], value }] });
    const unread = {
      id: "p1",
      reason: "a pause that cannot be read",
      actor: "unknown",
      since: "",
      until: null,
    };
    assert.deepEqual(await listPauses(storage, NOW_MS), [unread], JSON.stringify(value));
    assert.deepEqual(await removePauses(storage), [unread], JSON.stringify(value));
  }
});
