import assert from "node:assert/strict";
import { findAvailabilityIssues } from "../../../config/availability/find_availability_issues.ts";
import type { Override } from "../../../config/availability/override.ts";
import { DENIED, JUNK, ON, type Sample, sampleAvailability } from "./sample_status.ts";

const ALL: readonly Sample[] = [
  ["orchestrator", null],
  ["master_orchestration", null],
  ["background_e2e", null],
];

const cases: readonly {
  name: string;
  samples: readonly Sample[];
  debug?: Override;
  issues: readonly (readonly [string, string])[];
}[] = [
  { name: "everything available", samples: ALL, issues: [] },
  {
    name: "nothing available",
    samples: ALL.map(([name]) => [name, "gone"]),
    issues: [
      ["error", "No orchestration features are available - all imports failed"],
      ["warning", "Import error for background_e2e: gone"],
      ["warning", "Import error for master_orchestration: gone"],
      ["warning", "Import error for orchestrator: gone"],
    ],
  },
  {
    name: "two of three, and Docker down",
    samples: [["orchestrator", "gone"], ...ALL.slice(1), ["docker", "down"]],
    issues: [
      ["warning", "Only 2/3 orchestration features available - may indicate import issues"],
      ["warning", "Import error for docker: down"],
      ["warning", "Import error for orchestrator: gone"],
    ],
  },
  {
    name: "an override that masks a fault",
    samples: [["orchestrator", "gone", ON], ...ALL.slice(1)],
    issues: [[
      "info",
      'Environment overrides active: {"ORCHESTRATION_ORCHESTRATOR_AVAILABLE":true}',
    ]],
  },
  {
    name: "an override that is no boolean, and one that cannot be read",
    samples: [...ALL, ["docker", null, JUNK], ["gpu", null, DENIED]],
    issues: [
      [
        "warning",
        'Import error for docker: ORCHESTRATION_DOCKER_AVAILABLE is "maybe", ' +
        "expected one of true, 1, yes, on, false, 0, no, off",
      ],
      ["info", 'Environment overrides active: {"ORCHESTRATION_DOCKER_AVAILABLE":false}'],
      [
        "error",
        'ORCHESTRATION_DOCKER_AVAILABLE is "maybe", ' +
        "expected one of true, 1, yes, on, false, 0, no, off",
      ],
      ["info", "Environment overrides cannot be read: --allow-env=ORCHESTRATION_*"],
    ],
  },
  { name: "debugging", samples: ALL, debug: ON, issues: [] },
  {
    name: "an ORCHESTRATION_DEBUG that is no boolean",
    samples: ALL,
    debug: JUNK,
    issues: [[
      "warning",
      'ORCHESTRATION_DEBUG is "maybe", expected one of true, 1, yes, on, false, 0, no, off',
    ]],
  },
];

for (const { name, samples, debug, issues } of cases) {
  Deno.test(`findAvailabilityIssues gives its messages in order for ${name}`, () => {
    const found = findAvailabilityIssues(sampleAvailability(samples, debug));
    assert.deepEqual(found.map(({ severity, message }) => [severity, message]), issues);
    assert.ok(found.every(Object.isFrozen));
  });
}

Deno.test("findAvailabilityIssues tells its issues apart by code", () => {
  const codes = (samples: readonly Sample[], debug?: Override) =>
    findAvailabilityIssues(sampleAvailability(samples, debug)).map(({ code }) => code);
  const samples: readonly Sample[] = [...ALL.slice(1), ["docker", null, JUNK], [
    "gpu",
    null,
    DENIED,
  ]];
  assert.deepEqual(codes(samples, JUNK), [
    "FEATURES_MISSING",
    "FEATURE_UNAVAILABLE",
    "OVERRIDES_ACTIVE",
    "OVERRIDE_INVALID",
    "DEBUG_INVALID",
    "OVERRIDES_UNREADABLE",
  ]);
});
