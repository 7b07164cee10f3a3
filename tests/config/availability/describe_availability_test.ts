import assert from "node:assert/strict";
import {
  describeAvailability,
  describeFeature,
} from "../../../config/availability/describe_availability.ts";
import {
  DENIED,
  JUNK,
  OFF,
  ON,
  type Sample,
  sampleAvailability,
  sampleStatus,
} from "./sample_status.ts";

Deno.test("describeFeature says whether, and why", () => {
  const cases: readonly [Sample, string][] = [
    [["docker", null], "available"],
    [["docker", "down"], "unavailable: down"],
    [["docker", null, ON], "available by ORCHESTRATION_DOCKER_AVAILABLE"],
    [["docker", "down", ON], "available by ORCHESTRATION_DOCKER_AVAILABLE, masking: down"],
    [["docker", null, OFF], "unavailable: switched off by ORCHESTRATION_DOCKER_AVAILABLE"],
  ];
  for (const [sample, text] of cases) assert.equal(describeFeature(sampleStatus(sample)), text);
});

Deno.test("describeAvailability has a line for each feature, then for the environment", () => {
  const status = sampleAvailability([["orchestrator", "gone"], ["docker", null, DENIED]], ON);
  assert.equal(
    describeAvailability(status),
    [
      "orchestrator  unavailable: gone",
      "docker        available",
      "overrides cannot be read: --allow-env=ORCHESTRATION_*",
      "ORCHESTRATION_DEBUG is on",
    ].join("\n"),
  );
  assert.equal(describeAvailability(sampleAvailability([["docker", null]])), "docker  available");
  assert.match(
    describeAvailability(sampleAvailability([["docker", null]], JUNK)),
    /^docker {2}available\nORCHESTRATION_DEBUG is "maybe", expected one of /,
  );
});
