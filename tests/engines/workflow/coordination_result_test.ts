import assert from "node:assert/strict";
import {
  type CoordinationDetails,
  CoordinationResult,
} from "../../../engines/workflow/coordination_result.ts";
import { AT, completed, ended } from "../../support/step_results.ts";

const fine: CoordinationDetails = {
  workflow_id: "run",
  executed_agents: ["a"],
  order_violations: [],
  lineage_violations: [],
  isolation_violations: [],
  integrity_hash: "00",
  corruption_details: [],
  business_impact: "LOW",
  validation_timestamp: AT,
};

Deno.test("CoordinationResult is valid only when all four parts are", () => {
  const cases: {
    name: string;
    details: Partial<CoordinationDetails>;
    handoffs: boolean;
    ok: string;
  }[] = [
    { name: "all", details: {}, handoffs: true, ok: "order handoffs propagated isolated valid" },
    {
      name: "order",
      details: { order_violations: ["x"] },
      handoffs: true,
      ok: "handoffs propagated isolated",
    },
    {
      name: "lineage",
      details: { lineage_violations: ["x"] },
      handoffs: true,
      ok: "order handoffs isolated",
    },
    {
      name: "isolation",
      details: { isolation_violations: ["x"] },
      handoffs: true,
      ok: "order handoffs propagated",
    },
    { name: "handoffs", details: {}, handoffs: false, ok: "order propagated isolated" },
  ];
  for (const { name, details, handoffs, ok } of cases) {
    const dict = new CoordinationResult({ ...fine, ...details }, handoffs).toDict();
    const found = [
      dict.execution_order_correct && "order",
      dict.data_handoffs_valid && "handoffs",
      dict.tool_results_propagated && "propagated",
      dict.isolation_maintained && "isolated",
      dict.coordination_valid && "valid",
    ].filter(Boolean).join(" ");
    assert.equal(found, ok, name);
  }
});

Deno.test("CoordinationResult has the wire keys of the reference, and more details", () => {
  const result = new CoordinationResult(fine, true);
  assert.deepEqual(Object.keys(JSON.parse(JSON.stringify(result))), [
    "coordination_valid",
    "execution_order_correct",
    "data_handoffs_valid",
    "tool_results_propagated",
    "isolation_maintained",
    "validation_details",
  ]);
  assert.deepEqual(result.toDict().validation_details, fine);
});

Deno.test("CoordinationResult marks every result of a run that is not valid, and no other", () => {
  const results = [completed("a", { metadata: { order: 1 } }), ended("b", "failed")];
  assert.deepEqual(new CoordinationResult(fine, true).mark(results), results);
  const [first, second] = new CoordinationResult(fine, false).mark(results);
  assert.deepEqual(first?.metadata, {
    order: 1,
    coordination_validation: { status: "FAILED", details: fine },
  });
  assert.ok(second?.metadata["coordination_validation"]);
  assert.equal(second.status, "failed");
});
