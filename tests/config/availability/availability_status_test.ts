import assert from "node:assert/strict";
import {
  AvailabilityStatus,
  ORCHESTRATION_FEATURES,
} from "../../../config/availability/availability_status.ts";
import { DENIED, JUNK, OFF, ON, sampleAvailability, sampleStatus } from "./sample_status.ts";

const mixed = sampleAvailability([
  ["orchestrator", null],
  ["master_orchestration", "no KV", ON],
  ["background_e2e", "no run"],
  ["docker", null, OFF],
  ["zebra", null, JUNK],
  ["apple", null, DENIED],
], ON);

Deno.test("AvailabilityStatus has the eleven keys of its wire form in order", () => {
  const expected = {
    orchestrator_available: true,
    master_orchestration_available: true,
    background_e2e_available: false,
    all_orchestration_available: false,
    any_orchestration_available: true,
    available_features: ["apple", "master_orchestration", "orchestrator"],
    unavailable_features: ["background_e2e", "docker", "zebra"],
    import_errors: {
      background_e2e: "no run",
      docker: "switched off by ORCHESTRATION_DOCKER_AVAILABLE",
      zebra: 'ORCHESTRATION_ZEBRA_AVAILABLE is "maybe", ' +
        "expected one of true, 1, yes, on, false, 0, no, off",
    },
    cached_imports: [],
    environment_overrides: {
      ORCHESTRATION_DOCKER_AVAILABLE: false,
      ORCHESTRATION_MASTER_ORCHESTRATION_AVAILABLE: true,
      ORCHESTRATION_ZEBRA_AVAILABLE: false,
    },
    debug_mode: true,
  };
  assert.deepEqual(mixed.toDict(), expected);
  assert.equal(JSON.stringify(mixed), JSON.stringify(expected));
});

Deno.test("AvailabilityStatus counts the three orchestration features for all and any", () => {
  const cases: readonly [readonly boolean[], boolean, boolean][] = [
    [[true, true, true], true, true],
    [[true, false, true], false, true],
    [[false, false, true], false, true],
    [[false, false, false], false, false],
  ];
  for (const [states, all, any] of cases) {
    const status = sampleAvailability([
      ...ORCHESTRATION_FEATURES.map((name, at) => [name, states[at] ? null : "x"] as const),
      ["docker", any ? "down" : null],
    ]);
    assert.deepEqual(
      [status.allOrchestrationAvailable, status.anyOrchestrationAvailable],
      [all, any],
    );
    assert.equal(status.dockerAvailable, !any);
    assert.deepEqual([
      status.orchestratorAvailable,
      status.masterOrchestrationAvailable,
      status.backgroundE2eAvailable,
    ], states);
  }
});

Deno.test("AvailabilityStatus tells which overrides cannot be read", () => {
  assert.deepEqual(mixed.unreadableOverrides, ["ORCHESTRATION_APPLE_AVAILABLE"]);
});

Deno.test("AvailabilityStatus hides the fault that an override masks, and keeps it in features", () => {
  assert.equal("master_orchestration" in mixed.importErrors, false);
  const masked = mixed.features[1]?.probed;
  assert.deepEqual(masked, { available: false, reason: "no KV" });
});

Deno.test("AvailabilityStatus is frozen and keeps a copy", () => {
  const features = [sampleStatus(["docker", null])];
  const status = new AvailabilityStatus(features, { kind: "none" });
  features.pop();
  assert.equal(status.dockerAvailable, true);
  assert.ok(Object.isFrozen(status) && Object.isFrozen(status.features));
  assert.ok(Object.isFrozen(status.importErrors) && Object.isFrozen(status.environmentOverrides));
});
