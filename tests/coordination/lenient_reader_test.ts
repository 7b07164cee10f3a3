import assert from "node:assert/strict";
import { CorruptRecordError } from "../../coordination/errors.ts";
import { LenientReader } from "../../coordination/lenient_reader.ts";
import { connectionRefused } from "../support/faults.ts";
import { TestStore } from "../support/test_store.ts";

function parse({ key, value }: Deno.KvEntryMaybe<unknown>): number | null {
  if (value === null || typeof value === "number") return value;
  throw new CorruptRecordError(key, "no number");
}

Deno.test("LenientReader reads what it can and reports the rest, in order", async () => {
  using test = await TestStore.open();
  await test.raw.set(["n", "a"], 1);
  await test.raw.set(["n", "b"], "two");
  await test.raw.set(["n", "c"], 3);
  const reader = new LenientReader({ store: test.port(test.handle()), timeoutMs: 100 });
  const keys = ["a", "b", "c", "d"].map((name) => ["n", name]);
  assert.deepEqual(await reader.getMany(keys, parse), [1, null, 3, null]);
  const listed = await reader.list(["n"], 2);
  assert.deepEqual(listed.map((entry) => reader.readable(() => parse(entry))), [1, null]);
  assert.deepEqual(reader.corrupt.map(({ key, fault }) => [key, fault]), [
    [["n", "b"], "no number"],
    [["n", "b"], "no number"],
  ]);
});

Deno.test("LenientReader hides no other error", async () => {
  using test = await TestStore.open();
  const handle = test.handle();
  const reader = new LenientReader({ store: test.port(handle), timeoutMs: 100 });
  assert.throws(() =>
    reader.readable(() => {
      throw new RangeError("a bug");
    }), { name: "RangeError", message: "a bug" });
  handle.breakDown(connectionRefused);
  const unavailable = { name: "StoreUnavailableError" };
  await assert.rejects(test.until(reader.list(["n"], 1)), unavailable);
  await assert.rejects(test.until(reader.getMany([["n", "a"]], parse)), unavailable);
  assert.deepEqual(reader.corrupt, []);
});
