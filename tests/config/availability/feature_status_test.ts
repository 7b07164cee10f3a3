import assert from "node:assert/strict";
import {
  describeInvalid,
  isDecisive,
  judgeFeature,
} from "../../../config/availability/feature_status.ts";
import { AVAILABLE, unavailable } from "../../../config/availability/feature_probe.ts";
import { DENIED, JUNK, OFF, ON, sampleFeature, sampleStatus } from "./sample_status.ts";

const NONE = { kind: "none" } as const;
const DOWN = unavailable("down");
const VARIABLE = "ORCHESTRATION_DOCKER_AVAILABLE";

Deno.test("judgeFeature lets the override decide, then the probe, then the needs", () => {
  const up = sampleStatus(["kv", null]);
  const broken = sampleStatus(["net", "no route"]);
  const cases = [
    { override: NONE, probed: AVAILABLE, needs: [], reason: null },
    { override: NONE, probed: DOWN, needs: [], reason: "down" },
    { override: NONE, probed: null, needs: [], reason: "not probed" },
    { override: NONE, probed: AVAILABLE, needs: [up], reason: null },
    { override: NONE, probed: AVAILABLE, needs: [up, broken], reason: "needs net: no route" },
    { override: NONE, probed: DOWN, needs: [broken], reason: "down" },
    { override: DENIED, probed: AVAILABLE, needs: [], reason: null },
    { override: DENIED, probed: DOWN, needs: [], reason: "down" },
    { override: ON, probed: DOWN, needs: [broken], reason: null },
    { override: ON, probed: null, needs: [], reason: null },
    { override: OFF, probed: AVAILABLE, needs: [], reason: `switched off by ${VARIABLE}` },
    {
      override: JUNK,
      probed: AVAILABLE,
      needs: [],
      reason: `${VARIABLE} is "maybe", expected one of true, 1, yes, on, false, 0, no, off`,
    },
  ];
  for (const { override, probed, needs, reason } of cases) {
    const status = judgeFeature(sampleFeature("docker"), override, probed, needs);
    assert.equal(status.reason, reason);
    assert.equal(status.available, reason === null);
    assert.equal(status.probed, probed);
    assert.ok(Object.isFrozen(status));
  }
});

Deno.test("isDecisive is true for what leaves the probe no say", () => {
  assert.deepEqual([ON, OFF, JUNK, NONE, DENIED].map(isDecisive), [true, true, true, false, false]);
});

Deno.test("describeInvalid escapes and cuts the value", () => {
  assert.match(describeInvalid("V", ""), /^V is "", expected/);
  assert.match(describeInvalid("V", "a\nb"), /^V is "a\\nb", expected/);
  assert.match(describeInvalid("V", "x".repeat(100)), /^V is "x{40}…", expected/);
});
