import assert from "node:assert/strict";
import { recoveryHistory } from "../../cli/recovery_history.ts";
import { fakeIo } from "./fake_io.ts";

Deno.test("recoveryHistory names the permission for a store that it may not open", {
  permissions: "none",
}, async () => {
  const io = fakeIo();
  assert.equal(await recoveryHistory(["-o", "jsonl"], io), 3);
  assert.match(
    io.err(),
    /--allow-read=\.\/\.baton --allow-write=\.\/\.baton cli\/recovery\.ts history/,
  );
  assert.equal(io.out(), "");
});
