import assert from "node:assert/strict";
import { schema } from "../../cli/schema.ts";
import { fakeIo } from "./fake_io.ts";

Deno.test("schema prints draft-7 for each kind, without any permission", {
  permissions: "none",
}, async () => {
  for (const kind of ["recovery", "policies", "layers", "health"]) {
    const io = fakeIo();
    assert.equal(await schema([kind], io), 0);
    const document = JSON.parse(io.out());
    assert.equal(document.$schema, "http://json-schema.org/draft-07/schema#");
    assert.equal(document.additionalProperties, false);
    assert.ok(document.description.length > 10);
    assert.ok(io.out().includes("\\\\$\\\\{"), "no variables allowed");
  }
});

Deno.test("schema tells of wrong usage", async () => {
  for (const args of [[], ["all"], ["recovery", "--no"], ["recovery", "layers"]]) {
    const io = fakeIo();
    assert.equal(await schema(args, io), 2, args.join(" "));
    assert.match(io.err(), /^baton schema: /);
    assert.equal(io.out(), "");
  }
});
