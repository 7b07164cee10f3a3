import assert from "node:assert/strict";
import { lock } from "../../cli/lock.ts";
import { fakeIo } from "./fake_io.ts";

Deno.test("lock shows its help, limits included, without any permission", {
  permissions: "none",
}, async () => {
  const io = fakeIo();
  assert.equal(await lock(["--help"], io), 0);
  assert.match(io.out(), /^Usage: baton lock \[options\] <command\.\.\.>/);
  assert.match(io.out(), /SIGSTOP/);
});

Deno.test("lock refuses wrong usage", async () => {
  const cases = [
    { args: [], message: "missing required argument 'command'" },
    { args: ["--", ""], message: "COMMAND is empty" },
    { args: ["--grace", "x", "--", "true"], message: /^--grace: expected ms/ },
  ];
  for (const { args, message } of cases) {
    const io = fakeIo();
    assert.equal(await lock(args, io), 2, args.join(" "));
    assert.match(io.err(), typeof message === "string" ? new RegExp(message) : /--grace: expected/);
  }
});
