import assert from "node:assert/strict";
import { configLogger } from "../../../config/availability/logger.ts";

Deno.test("configLogger belongs to the category that applications configure", () => {
  assert.deepEqual(configLogger.category, ["baton", "config"]);
});
