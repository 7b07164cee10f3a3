import assert from "node:assert/strict";
import { ACTOR, recoveryPause } from "../../cli/recovery_pause.ts";
import { fakeIo } from "./fake_io.ts";

Deno.test("recoveryPause names the permission for a store that it may not open", {
  permissions: "none",
}, async () => {
  const io = fakeIo();
  assert.equal(await recoveryPause(["--reason", "r"], io), 3);
  assert.match(
    io.err(),
    /--allow-read=\.\/\.baton --allow-write=\.\/\.baton cli\/recovery\.ts pause/,
  );
  assert.equal(io.out(), "");
});

Deno.test("recoveryPause takes the name of who asks from BATON_ACTOR", () => {
  assert.equal(ACTOR.env, "BATON_ACTOR");
  assert.equal(ACTOR.fallback, "operator");
});
