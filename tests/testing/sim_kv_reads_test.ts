import assert from "node:assert/strict";
import { seededRandom } from "../../testing/seeded_random.ts";
import { SimStore, type SimStoreOptions } from "../../testing/sim_store.ts";

const KEY = ["n"];

/** A store whose value is the time of its last write, and a handle that reads it. */
async function written(options: SimStoreOptions) {
  const store = new SimStore({ random: seededRandom(3), ...options });
  const [writer, reader] = [store.open(), store.open()];
  const write = async () => {
    const value = store.time.nowMs;
    await writer.atomic().set(KEY, value).set(["twin"], value).set(["list", 1], value)
      .set(["list", 2], value).commit();
  };
  for (let n = 0; n < 20; n++) {
    await write();
    await store.time.advance(10);
  }
  return { store, reader, write };
}

Deno.test("an eventual read may be stale within the lag, each time by another one (T17)", async () => {
  const { store, reader, write } = await written({ staleMaxMs: 50 });
  await write();
  const seen: number[] = [];
  for (let n = 0; n < 50; n++) {
    seen.push((await reader.get<number>(KEY, { consistency: "eventual" })).value!);
  }
  const { nowMs } = store.time;
  assert.ok(seen.every((atMs) => atMs >= nowMs - 60 && atMs <= nowMs), String(seen));
  assert.ok(new Set(seen).size > 3, String(seen));
  assert.ok(seen.some((atMs, i) => atMs < seen[i - 1]!), "no promise to go forward only");
  assert.ok(store.faultCounts.get("staleRead")! > 10);
});

Deno.test("a strong read is never stale, whatever the lag (T17)", async () => {
  const { store, reader, write } = await written({ staleMaxMs: 50 });
  await write();
  const { nowMs } = store.time;
  for (let n = 0; n < 50; n++) {
    assert.equal((await reader.get(KEY)).value, nowMs);
    const [entry] = await reader.getMany([KEY], { consistency: "strong" });
    assert.equal(entry.value, nowMs);
    for await (const { value } of reader.list({ prefix: ["list"] })) assert.equal(value, nowMs);
  }
  assert.equal(store.faultCounts.get("staleRead"), undefined);
});

Deno.test("an eventual read of several values is of one moment", async () => {
  const { reader, write } = await written({ staleMaxMs: 50 });
  await write();
  const seen = new Set<unknown>();
  for (let n = 0; n < 50; n++) {
    const [one, twin] = await reader.getMany([KEY, ["twin"]], { consistency: "eventual" });
    assert.equal(one.value, twin.value);
    const entries = await Array.fromAsync(
      reader.list({ prefix: ["list"] }, { consistency: "eventual" }),
    );
    assert.equal(entries.length, 2);
    assert.equal(entries[0]!.value, entries[1]!.value);
    seen.add(entries[0]!.value);
  }
  assert.ok(seen.size > 3);
});

Deno.test("an eventual read of a store without lag is up to date", async () => {
  const { store, reader, write } = await written({});
  await write();
  assert.equal((await reader.get(KEY, { consistency: "eventual" })).value, store.time.nowMs);
});
