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

Deno.test("judgeFeature lets the override decide, then the probe, then what it needs", () => {
  const broken = sampleStatus(["net", "no route"]);
  const cases = [
    { override: NONE, probed: AVAILABLE, causes: [], reason: null },
    { override: NONE, probed: DOWN, causes: [], reason: "down" },
    { override: NONE, probed: null, causes: [], reason: "not probed" },
    { override: NONE, probed: AVAILABLE, causes: [broken], reason: "needs net: no route" },
    {
      override: NONE,
      probed: AVAILABLE,
      causes: [broken, sampleStatus(["kv", null, OFF])],
      reason: "needs net: no route; needs kv: switched off by ORCHESTRATION_KV_AVAILABLE",
    },
    { override: NONE, probed: DOWN, causes: [broken], reason: "down" },
    { override: DENIED, probed: AVAILABLE, causes: [], reason: null },
    { override: DENIED, probed: DOWN, causes: [], reason: "down" },
    { override: ON, probed: DOWN, causes: [broken], reason: null },
    { override: ON, probed: null, causes: [], reason: null },
    { override: OFF, probed: AVAILABLE, causes: [], reason: `switched off by ${VARIABLE}` },
    {
      override: JUNK,
      probed: AVAILABLE,
      causes: [],
      reason: `${VARIABLE} is "maybe", expected one of true, 1, yes, on, false, 0, no, off`,
    },
  ];
  for (const { override, probed, causes, reason } of cases) {
    const status = judgeFeature(sampleFeature("docker"), override, probed, causes);
    assert.equal(status.reason, reason);
    assert.equal(status.available, reason === null);
    assert.equal(status.probed, probed);
    assert.ok(Object.isFrozen(status));
  }
});

Deno.test("judgeFeature bounds a reason, however much is at fault", () => {
  const down = (count: number, fault: string) =>
    judgeFeature(
      sampleFeature("suite"),
      NONE,
      AVAILABLE,
      Array.from({ length: count }, (_, i) => sampleStatus([`f${i}`, fault])),
    ).reason ?? "";
  assert.match(down(10, "no"), /; needs f9: no$/);
  assert.match(down(12, "no"), /; needs f9: no; and 2 more$/);
  const long = down(12, "x".repeat(900));
  assert.equal(long.length, 1_001);
  assert.match(long, /^needs f0: x{900}; needs f1: x+…$/);
});

Deno.test("isDecisive is true for what leaves the probe no say", () => {
  assert.deepEqual([ON, OFF, JUNK, NONE, DENIED].map(isDecisive), [true, true, true, false, false]);
});

Deno.test("describeInvalid escapes and cuts the value", () => {
  assert.match(describeInvalid("V", ""), /^V is "", expected/);
  assert.match(describeInvalid("V", "a\nb"), /^V is "a\\nb", expected/);
  assert.match(describeInvalid("V", "\x9b2J\u202e"), /^V is "\ufffd2J\ufffd", expected/);
  assert.match(describeInvalid("V", "x".repeat(100)), /^V is "x{40}…", expected/);
});
