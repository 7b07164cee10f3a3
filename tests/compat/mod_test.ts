import assert from "node:assert/strict";
import * as compat from "../../compat/mod.ts";

Deno.test("compat offers the deprecated engines, their names and their error", () => {
  assert.deepEqual(
    Object.keys(compat).sort(),
    [
      "DEPRECATED_ENGINES",
      "DeprecatedEngineError",
      ...compat.DEPRECATED_ENGINES,
    ].sort(),
  );
});
