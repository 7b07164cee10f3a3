import assert from "node:assert/strict";
import { recoveryStatus } from "../../cli/recovery_status.ts";
import { fakeIo } from "./fake_io.ts";

Deno.test("recoveryStatus names the permission for a store that it may not open", {
  permissions: "none",
}, async () => {
  const io = fakeIo();
  assert.equal(await recoveryStatus([], io), 3);
  assert.match(
    io.err(),
    /--allow-read=\.\/\.baton --allow-write=\.\/\.baton cli\/recovery\.ts status/,
  );
  assert.equal(io.out(), "");
});
