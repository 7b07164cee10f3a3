import assert from "node:assert/strict";
import { checkFeatureNames } from "../../../config/availability/check_feature_names.ts";

Deno.test("checkFeatureNames throws for the first name that is not there", () => {
  const known = ["docker", "gpu"];
  checkFeatureNames([], known);
  checkFeatureNames(["gpu", "docker", "gpu"], known);
  assert.throws(() => checkFeatureNames(["gpu", "dokcer", "x"], known), {
    name: "UnknownFeatureError",
    feature: "dokcer",
    suggestion: "docker",
    knownFeatures: known,
  });
});
