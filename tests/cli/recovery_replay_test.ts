import assert from "node:assert/strict";
import { recoveryReplay } from "../../cli/recovery_replay.ts";
import { fakeIo } from "./fake_io.ts";

Deno.test("recoveryReplay names the permission for files that it may not read", {
  permissions: "none",
}, async () => {
  const io = fakeIo();
  assert.equal(await recoveryReplay(["--policy", "new.yaml", "--history", "h"], io), 2);
  assert.match(io.err(), /--allow-read=new\.yaml/);
});

Deno.test("recoveryReplay takes no other dry run than two", async () => {
  const io = fakeIo();
  assert.equal(await recoveryReplay(["--dry-run", "yes"], io), 2);
  assert.match(io.err(), /--dry-run: expected recorded, policy/);
});
