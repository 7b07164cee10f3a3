import assert from "node:assert/strict";
import { ENUMS } from "../../enums/registry.ts";

Deno.test("ENUMS cannot be changed, nor can any of its sets", () => {
  assert.ok(Object.isFrozen(ENUMS));
  for (const [name, set] of Object.entries(ENUMS)) {
    assert.throws(() => Object.assign(set, { SMUGGLED: "smuggled" }), TypeError, name);
  }
});

Deno.test("ENUMS lists its sets by name, in alphabetical order", () => {
  const names = Object.keys(ENUMS);
  assert.deepEqual(names, names.toSorted((a, b) => a.toLowerCase() < b.toLowerCase() ? -1 : 1));
  assert.ok(names.length > 40);
});
