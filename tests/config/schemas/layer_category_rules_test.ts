import assert from "node:assert/strict";
import { layerCategoryRules } from "../../../config/schemas/layer_category_rules.ts";

Deno.test("layerCategoryRules finds categories that stand twice, in a layer or in two", () => {
  const layers = {
    a: { categories: [{ name: "unit" }, { name: "unit" }, { name: "api" }] },
    b: { categories: [{ name: "e2e" }, { name: "api" }] },
  };
  assert.deepEqual(layerCategoryRules({ layers }).map(({ path, message }) => [path, message]), [
    [["layers", "a", "categories", 1, "name"], "a category twice in its layer"],
    [["layers", "b", "categories", 1, "name"], "a category that layer a has as well"],
  ]);
});
