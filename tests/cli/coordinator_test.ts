import assert from "node:assert/strict";
import { coordinator } from "../../cli/coordinator.ts";
import { fakeIo } from "./fake_io.ts";

Deno.test(
  "coordinator shows its help without any permission",
  { permissions: "none" },
  async () => {
    const io = fakeIo();
    assert.equal(await coordinator(["--help"], io), 0);
    assert.match(io.out(), /^Usage: baton coordinator/);
    assert.match(io.out().replace(/\s+/g, " "), /BATON_QUORUM_THRESHOLD/);
  },
);

Deno.test("coordinator takes its options behind two dashes as well, as deno task passes them on", async () => {
  const io = fakeIo();
  assert.equal(await coordinator(["--", "--help"], io), 0);
  assert.match(io.out(), /^Usage: baton coordinator/);
});

Deno.test("coordinator refuses settings it cannot read", async () => {
  const cases = [
    { args: ["--lease", "soon"], env: {}, message: /--lease: expected ms/ },
    { args: ["--label", "zone"], env: {}, message: /--label: expected key=value/ },
    { args: [], env: { BATON_LABELS: "=x" }, message: /BATON_LABELS: expected key=value/ },
    { args: [], env: { BATON_EXPECTED_MEMBERS: "0" }, message: /BATON_EXPECTED_MEMBERS: expected/ },
    { args: ["--log-level", "loud"], env: {}, message: /--log-level: expected trace, debug/ },
    { args: ["--kv", ":memory:"], env: {}, message: /--kv: expected a path or URL/ },
  ];
  for (const { args, env, message } of cases) {
    const io = fakeIo(env);
    assert.equal(await coordinator(args, io), 2);
    assert.match(io.err(), message);
    assert.equal(io.out(), "");
  }
});

Deno.test("coordinator names the permission for a file it may not open, also with --wait", {
  permissions: "none",
}, async () => {
  for (const args of [[], ["--wait"]]) {
    const io = fakeIo();
    assert.equal(await coordinator(args, io), 3);
    assert.match(io.err(), /--allow-read=\.\/\.baton --allow-write=\.\/\.baton/);
  }
});
