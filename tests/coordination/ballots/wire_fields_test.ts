import assert from "node:assert/strict";
import { wireFields } from "../../../coordination/ballots/wire_fields.ts";

Deno.test("wireFields reads an object that says no version, and refuses everything else", () => {
  assert.equal(wireFields(["k"], { a: "b" }).text("a"), "b");
  assert.equal(wireFields(["k"], { a: "b", v: 7 }).text("a"), "b");
  for (const odd of [null, undefined, [], "text", 1]) {
    assert.throws(() => wireFields(["k"], odd), { code: "CORRUPT_RECORD", key: ["k"] });
  }
});
