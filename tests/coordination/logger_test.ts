import assert from "node:assert/strict";
import { coordinationLogger } from "../../coordination/logger.ts";

Deno.test("coordinationLogger belongs to the category that applications configure", () => {
  assert.deepEqual(coordinationLogger.category, ["baton", "coordination"]);
});
