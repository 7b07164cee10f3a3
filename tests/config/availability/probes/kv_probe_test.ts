import assert from "node:assert/strict";
import { kvProbe } from "../../../../config/availability/probes/kv_probe.ts";
import { READ, reasonOf, testWith, WRITE } from "./probe_runs.ts";

Deno.test("kvProbe needs no permission for the API and for a database in memory", {
  permissions: "none",
}, async () => {
  assert.equal(await reasonOf(kvProbe()), null);
  assert.equal(await reasonOf(kvProbe({ path: ":memory:" })), null);
});

Deno.test("kvProbe says how to switch Deno KV on", async () => {
  const openKv = Deno.openKv;
  Reflect.deleteProperty(Deno, "openKv");
  try {
    const expected = 'Deno.openKv missing: add "unstable": ["kv"]';
    assert.equal(await reasonOf(kvProbe()), expected);
    assert.equal(await reasonOf(kvProbe({ path: ":memory:" })), expected);
  } finally {
    Deno.openKv = openKv;
  }
});

Deno.test("kvProbe names the permission for a file", { permissions: "none" }, async () => {
  assert.equal(
    await reasonOf(kvProbe({ path: "/data/x.db" })),
    "read permission not granted: --allow-read=/data/x.db",
  );
});

Deno.test("kvProbe refuses a server", () => {
  for (const path of ["http://kv.example.org", "HTTPS://kv.example.org"]) {
    assert.throws(() => kvProbe({ path }), { name: "RangeError" });
  }
});

testWith([READ, WRITE], "kvProbe opens a database that is there, and creates none", async () => {
  const folder = await Deno.makeTempDir({ prefix: "baton-" });
  try {
    const path = `${folder}/x.db`;
    assert.match(
      await reasonOf(kvProbe({ path })) ?? "",
      /^cannot use the database .*x\.db: No such/,
    );
    assert.deepEqual(await Array.fromAsync(Deno.readDir(folder)), []);
    assert.match(await reasonOf(kvProbe({ path: folder })) ?? "", /: not a file$/);
    (await Deno.openKv(path)).close();
    assert.equal(await reasonOf(kvProbe({ path })), null);
    await Deno.writeTextFile(`${folder}/text.db`, "this is no database".repeat(100));
    assert.match(
      await reasonOf(kvProbe({ path: `${folder}/text.db` })) ?? "",
      /^cannot use the database .*text\.db: /,
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
