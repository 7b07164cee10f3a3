import assert from "node:assert/strict";
import { type KvCell, KvTable } from "../../testing/kv_table.ts";
import { storeValue } from "../../testing/kv_value.ts";
import { SimStorePast } from "../../testing/sim_store_past.ts";
import { SimTime } from "../../testing/sim_time.ts";

function cell(versionstamp: string): KvCell {
  return { key: ["a"], stored: storeValue(1), versionstamp, removeAtMs: Infinity };
}

async function changed(keptMs: number) {
  const time = new SimTime();
  const table = new KvTable();
  const past = new SimStorePast(time, keptMs);
  for (const version of ["1", "2", "3"]) {
    past.keep("a", table);
    table.set("a", cell(version));
    await time.advance(10);
  }
  past.keep("a", table);
  table.delete("a");
  return {
    past,
    table,
    versionAt: (atMs: number) => past.at(atMs, table).get("a", 0)?.versionstamp,
  };
}

Deno.test("SimStorePast tells what stood there at each moment, before the first change as well", async () => {
  const { versionAt, table } = await changed(100);
  assert.deepEqual([-1, 0, 9, 10, 25, 30].map(versionAt), [
    undefined,
    "1",
    "1",
    "2",
    "3",
    undefined,
  ]);
  assert.equal(table.size, 0);
});

Deno.test("SimStorePast keeps no more than it must, and nothing once it forgets", async () => {
  const short = await changed(10);
  assert.equal(short.versionAt(25), "3");
  assert.equal(short.versionAt(5), "2", "older than what is kept");
  const none = await changed(0);
  assert.equal(none.versionAt(25), undefined);
  short.past.forget();
  assert.equal(short.versionAt(25), undefined);
});
