import assert from "node:assert/strict";
import { MemoryRecoveryStorage } from "../../../orchestration/recovery/memory_recovery_storage.ts";
import type { StorageKey } from "../../../orchestration/recovery/recovery_storage.ts";

const COUNT = 2_000;
const STEP = 7_919; // a prime: visits every index once, out of order

Deno.test("MemoryRecoveryStorage keeps its keys in order when they come and go out of order", async () => {
  const storage = new MemoryRecoveryStorage();
  const left = new Set<string>();
  for (let i = 0; i < COUNT; i++) {
    const name = String((i * STEP) % COUNT).padStart(5, "0");
    await storage.commit({ sets: [{ key: ["h", name], value: i }] });
    left.add(name);
    if (i % 3 > 0) continue;
    const gone = [...left][i % left.size]!;
    await storage.commit({ deletes: [["h", gone]] });
    left.delete(gone);
  }
  const names = (await storage.list(["h"], { limit: COUNT })).map(({ key }) => key[1]);
  assert.deepEqual(names, [...left].toSorted());
});

Deno.test("MemoryRecoveryStorage shows everything of a commit or nothing, to whoever reads meanwhile", async () => {
  const storage = new MemoryRecoveryStorage();
  const key: StorageKey = ["a"];
  const reading: Promise<readonly unknown[]>[] = [];
  for (let i = 0; i < 20; i++) {
    const sets = [{ key, value: i }, { key: ["b"], value: i }];
    void storage.commit({ sets });
    reading.push(storage.list([], { limit: 9 }).then((all) => all.map(({ value }) => value)));
  }
  const read = await Promise.all(reading);
  assert.deepEqual(read, Array.from({ length: 20 }, (_, i) => [i, i]));
});

Deno.test("MemoryRecoveryStorage asks a fence when it commits, not before", async () => {
  const storage = new MemoryRecoveryStorage();
  const answers = [true, false, true];
  const check = { key: ["term"], versionstamp: "of a store that memory has not" };
  const fence = { check, isValid: () => answers.shift()! };
  const change = { fence, sets: [{ key: ["a"], value: 1 }] };
  assert.ok(await storage.commit(change));
  assert.equal(await storage.commit(change), null);
  assert.ok(await storage.commit(change));
  assert.equal(answers.length, 0);
});

Deno.test("MemoryRecoveryStorage is empty when it is made", async () => {
  const first = new MemoryRecoveryStorage();
  await first.commit({ sets: [{ key: ["a"], value: 1 }] });
  assert.equal(await new MemoryRecoveryStorage().get(["a"]), null);
});
