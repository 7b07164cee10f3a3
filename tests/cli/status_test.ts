import assert from "node:assert/strict";
import { status } from "../../cli/status.ts";
import { fakeIo } from "./fake_io.ts";

Deno.test("status shows its help without any permission", { permissions: "none" }, async () => {
  const io = fakeIo();
  assert.equal(await status(["--help"], io), 0);
  assert.match(io.out(), /^Usage: baton status/);
});

Deno.test("status tells of wrong usage, as JSON when asked for it", async () => {
  const cases = [
    { args: ["--no"], env: {}, json: false },
    { args: ["-o", "json", "--no"], env: {}, json: true },
    { args: ["--output=json", "--no"], env: {}, json: true },
    { args: ["-ojson", "--no"], env: {}, json: true },
    { args: ["--no"], env: { BATON_OUTPUT: "json" }, json: true },
    { args: ["-o", "table", "--no"], env: { BATON_OUTPUT: "json" }, json: false },
    { args: ["-o", "table", "-o", "json", "--no"], env: {}, json: true },
    { args: ["--no", "-o", "json", "-o", "table"], env: {}, json: false },
  ];
  for (const { args, env, json } of cases) {
    const io = fakeIo(env);
    assert.equal(await status(args, io), 2);
    if (json) {
      assert.equal(JSON.parse(io.out()).error.code, "USAGE");
      assert.equal(io.err(), "");
    } else {
      assert.equal(io.err(), "baton status: unknown option '--no'. See --help\n");
      assert.equal(io.out(), "");
    }
  }
});

Deno.test("status names the permission for a file it may not read", {
  permissions: "none",
}, async () => {
  const io = fakeIo();
  assert.equal(await status(["--kv", "/data/x.db"], io), 3);
  assert.match(io.err(), /--allow-read=\/data --allow-write=\/data cli\/status\.ts/);
});
