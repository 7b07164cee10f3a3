import assert from "node:assert/strict";
import { kvCheck } from "../../../health/checks/kv_check.ts";
import { READ, testWith, WRITE } from "../../config/availability/probes/probe_runs.ts";
import { lookWith, shortLook } from "./check_runs.ts";

Deno.test("kvCheck reads a database that is open", async () => {
  const kv = await Deno.openKv(":memory:");
  const check = kvCheck({ kv });
  assert.deepEqual(await shortLook(check), ["HEALTHY", undefined]);
  kv.close();
  await assert.rejects(() => lookWith(check));
});

Deno.test("kvCheck needs the permissions for a file, and none for memory", {
  permissions: "none",
}, async () => {
  assert.deepEqual(await shortLook(kvCheck({ path: ":memory:" })), ["HEALTHY", undefined]);
  assert.deepEqual(await shortLook(kvCheck({ path: "/data/x.db" })), [
    "UNKNOWN",
    "read permission not granted: --allow-read=/data/x.db",
  ]);
  assert.throws(() => kvCheck({ path: "https://kv.example.org" }), { name: "RangeError" });
});

testWith([READ, WRITE], "kvCheck fails for a file that is not there", async () => {
  const folder = await Deno.makeTempDir({ prefix: "baton-" });
  try {
    assert.equal((await shortLook(kvCheck({ path: `${folder}/x.db` })))[0], "FAILED");
    (await Deno.openKv(`${folder}/x.db`)).close();
    assert.equal((await shortLook(kvCheck({ path: `${folder}/x.db` })))[0], "HEALTHY");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
