import assert from "node:assert/strict";
import { engineLogger } from "../../../engines/guard/engine_logger.ts";

Deno.test("engineLogger writes below the package's own category", () => {
  assert.deepEqual(engineLogger.category, ["baton", "engines"]);
});
