import assert from "node:assert/strict";
import { recoveryTrigger } from "../../cli/recovery_trigger.ts";
import { fakeIo } from "./fake_io.ts";

Deno.test("recoveryTrigger names the permission for a store that it may not open", {
  permissions: "none",
}, async () => {
  const io = fakeIo();
  assert.equal(await recoveryTrigger(["alert_ground"], io), 3);
  assert.match(
    io.err(),
    /--allow-read=\.\/\.baton --allow-write=\.\/\.baton cli\/recovery\.ts trigger/,
  );
  assert.equal(io.out(), "");
});
