import assert from "node:assert/strict";
import {
  describeShortfall,
  DuplicateFeatureError,
  NoTierError,
  NotProbedError,
  UnknownFeatureError,
} from "../../../config/availability/availability_errors.ts";

const shortfall = {
  tier: "full",
  missing: [{ feature: "docker", reason: "no daemon" }, { feature: "gpu", reason: "none" }],
};

Deno.test("availability errors carry a name, a code and a message that helps", () => {
  const cases = [
    {
      error: new NotProbedError(["docker"]),
      name: "NotProbedError",
      code: "NOT_PROBED",
      message: "Cannot say whether docker is available: not probed yet. " +
        "First await config.ready(), or use await config.isAvailable(name)",
    },
    {
      error: new NotProbedError(["a", "b"]),
      name: "NotProbedError",
      code: "NOT_PROBED",
      message: "Cannot say whether a, b are available: not probed yet. " +
        "First await config.ready(), or use await config.isAvailable(name)",
    },
    {
      error: new UnknownFeatureError("dokcer", ["docker", "gpu"]),
      name: "UnknownFeatureError",
      code: "UNKNOWN_FEATURE",
      message: 'Unknown feature "dokcer". Did you mean "docker"? Known are docker, gpu',
    },
    {
      error: new UnknownFeatureError("x", ["docker"]),
      name: "UnknownFeatureError",
      code: "UNKNOWN_FEATURE",
      message: 'Unknown feature "x". Known are docker',
    },
    {
      error: new DuplicateFeatureError("docker"),
      name: "DuplicateFeatureError",
      code: "DUPLICATE_FEATURE",
      message: 'Cannot register the feature "docker": the name is taken',
    },
    {
      error: new NoTierError([shortfall]),
      name: "NoTierError",
      code: "NO_TIER",
      message: "Cannot select a tier: full lacks docker (no daemon), gpu (none)",
    },
  ];
  for (const { error, name, code, message } of cases) {
    assert.deepEqual([error.name, error.code, error.message], [name, code, message]);
  }
});

Deno.test("availability errors keep copies of what they are given", () => {
  const names = ["a"];
  const notProbed = new NotProbedError(names);
  const unknown = new UnknownFeatureError("x", names);
  names.push("b");
  assert.deepEqual(notProbed.features, ["a"]);
  assert.deepEqual(unknown.knownFeatures, ["a"]);
});

Deno.test("describeShortfall names the tier, each feature and its reason", () => {
  assert.equal(describeShortfall(shortfall), "full lacks docker (no daemon), gpu (none)");
});
