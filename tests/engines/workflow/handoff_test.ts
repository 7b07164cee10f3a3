import assert from "node:assert/strict";
import {
  compareHandoff,
  type CorruptionDetail,
  impactOf,
  isCorruption,
} from "../../../engines/workflow/handoff.ts";
import { CRITICAL_FIELDS, takeSnapshot } from "../../../engines/workflow/state_snapshot.ts";

const before = { customer_id: "c", cost_analysis: { a: 1, b: [1] } };
const same: CorruptionDetail = {
  agent_name: "data",
  corrupted_fields: [],
  missing_fields: [],
  added_fields: [],
  value_changes: [],
};

Deno.test("compareHandoff says what a step did to critical fields, and how much it matters", () => {
  const cases: {
    name: string;
    after: Record<string, unknown>;
    mayChange?: string[];
    detail: Partial<CorruptionDetail> | null;
    corrupt: boolean;
    impact: string;
  }[] = [
    {
      name: "nothing, keys in another order",
      after: { cost_analysis: { b: [1], a: 1 }, customer_id: "c" },
      detail: null,
      corrupt: false,
      impact: "LOW",
    },
    {
      name: "a field about money changed, another is missing",
      after: { cost_analysis: { a: 2, b: [1] } },
      detail: {
        corrupted_fields: ["cost_analysis"],
        missing_fields: ["customer_id"],
        value_changes: [{
          field: "cost_analysis",
          pre_value: { a: 1, b: [1] },
          post_value: { a: 2, b: [1] },
        }],
      },
      corrupt: true,
      impact: "CRITICAL",
    },
    {
      name: "a field of other data changed, to null",
      after: { ...before, customer_id: null },
      detail: {
        corrupted_fields: ["customer_id"],
        value_changes: [{ field: "customer_id", pre_value: "c", post_value: null }],
      },
      corrupt: true,
      impact: "HIGH",
    },
    {
      name: "a field about money is missing",
      after: { customer_id: "c" },
      detail: { missing_fields: ["cost_analysis"] },
      corrupt: true,
      impact: "MEDIUM",
    },
    {
      name: "a field was added",
      after: { ...before, roi_percentage: 12 },
      detail: { added_fields: ["roi_percentage"] },
      corrupt: false,
      impact: "LOW",
    },
    {
      name: "only fields that are its own",
      after: { customer_id: "d", roi_percentage: 12 },
      mayChange: ["customer_id", "cost_analysis", "roi_percentage"],
      detail: null,
      corrupt: false,
      impact: "LOW",
    },
  ];
  for (const { name, after, mayChange, detail, corrupt, impact } of cases) {
    const found = compareHandoff({
      agentName: "data",
      before: takeSnapshot(before),
      after: takeSnapshot(after),
      ...(mayChange && { mayChange }),
    });
    assert.deepEqual(found, detail && { ...same, ...detail }, name);
    const details = found === null ? [] : [found];
    assert.equal(details.some(isCorruption), corrupt, name);
    assert.equal(impactOf(details, CRITICAL_FIELDS), impact, name);
  }
});

Deno.test("impactOf takes the worst of several steps", () => {
  const high = { ...same, corrupted_fields: ["customer_id"] };
  const critical = { ...same, corrupted_fields: ["cost_analysis"] };
  assert.equal(impactOf([high, critical, same], CRITICAL_FIELDS), "CRITICAL");
  assert.equal(impactOf([{ ...same, missing_fields: ["x"] }, high], CRITICAL_FIELDS), "HIGH");
});
