import assert from "node:assert/strict";
import type { CoordinationCheck } from "../../../engines/workflow/coordination_checks.ts";
import { CoordinationValidator } from "../../../engines/workflow/coordination_validator.ts";
import { planForTriage } from "../../../engines/workflow/triage_plans.ts";
import { FakeClock } from "../../../testing/fake_clock.ts";
import { completed } from "../../support/step_results.ts";

const validator = (historyMaxEntries = 100) =>
  new CoordinationValidator({ clock: new FakeClock(), historyMaxEntries });

/** A whole run with ordinary data; `customers` are those before and after the last step. */
function goldenPath(workflowId: string, ...customers: string[]): CoordinationCheck {
  const triage = completed("triage", { result: { data_sufficiency: "sufficient" } });
  const definition = planForTriage(triage);
  const take = (state: unknown) => validator().takeSnapshot(state);
  const [before = "c", after = "c"] = customers;
  const steps = definition.steps.map(({ name, dependsOn, always }) => ({
    result: completed(name, { inputsUsed: dependsOn, result: { text: "ordinary" } }),
    contextFingerprint: "ann:run",
    before: take({ customer_id: before }),
    after: take({ customer_id: always ? after : before, roi_percentage: 3 }),
  }));
  return { workflowId, definition, contextFingerprint: "ann:run", steps };
}

Deno.test("CoordinationValidator finds nothing wrong with an ordinary run that is as it should be", () => {
  const judged = validator().validate(goldenPath("run"));
  assert.equal(judged.coordinationValid, true);
  const { details } = judged;
  assert.deepEqual(details.executed_agents, [
    "triage",
    "data",
    "optimization",
    "actions",
    "reporting",
  ]);
  assert.equal(details.business_impact, "LOW");
  assert.equal(details.validation_timestamp, new Date(new FakeClock().now()).toISOString());
  assert.match(details.integrity_hash, /^[0-9a-f]{64}$/);
  assert.deepEqual(details.corruption_details[0]?.added_fields, ["roi_percentage"]);
});

Deno.test("CoordinationValidator names the agent that changed a field", () => {
  const judged = validator().validate(goldenPath("run", "c", "d"));
  assert.equal(judged.dataHandoffsValid, false);
  assert.equal(judged.coordinationValid, false);
  assert.equal(judged.details.business_impact, "HIGH");
  const detail = judged.details.corruption_details.at(-1);
  assert.equal(detail?.agent_name, "reporting");
  assert.deepEqual(detail?.value_changes, [{
    field: "customer_id",
    pre_value: "c",
    post_value: "d",
  }]);
});

Deno.test("CoordinationValidator reports order, lineage and isolation in their own places", () => {
  const check = goldenPath("run");
  const [first, second, ...rest] = check.steps as [
    CoordinationCheck["steps"][0],
    CoordinationCheck["steps"][0],
  ];
  const judged = validator().validate({
    ...check,
    steps: [second, { ...first, contextFingerprint: "bob:run" }, ...rest],
  });
  assert.deepEqual(judged.details.order_violations, ["data executed before dependency triage"]);
  assert.deepEqual(judged.details.lineage_violations, [
    "data used a result of triage, which had not completed",
  ]);
  assert.deepEqual(judged.details.isolation_violations, [
    "triage ran in another context than the run's",
  ]);
  assert.equal(judged.dataHandoffsValid, true);
});

Deno.test("CoordinationValidator hashes equal runs to one value, and others to others", () => {
  const hash = (check: CoordinationCheck) => validator().validate(check).details.integrity_hash;
  assert.equal(hash(goldenPath("run")), hash(goldenPath("run")));
  assert.notEqual(hash(goldenPath("run")), hash(goldenPath("run", "c", "d")));
  assert.notEqual(hash(goldenPath("run")), hash(goldenPath("other")));
});

Deno.test("CoordinationValidator takes the critical fields of its options", () => {
  const own = new CoordinationValidator({ criticalFields: { revenue: ["price"], data: [] } });
  const check = goldenPath("run");
  const steps = check.steps.map((step, i) => ({
    ...step,
    before: own.takeSnapshot({ price: 1, customer_id: "c" }),
    after: own.takeSnapshot({ price: i === 1 ? 2 : 1, customer_id: "d" }),
  }));
  const { details } = own.validate({ ...check, steps });
  assert.equal(details.business_impact, "CRITICAL");
  assert.deepEqual(details.corruption_details.map((each) => each.corrupted_fields), [["price"]]);
  assert.equal(own.getSummary().critical_business_impact_violations, 1);
});

Deno.test("CoordinationValidator counts every run once, and keeps a bounded history", () => {
  const counting = validator(7);
  assert.deepEqual(counting.getSummary(), {
    total_validations: 0,
    integrity_violations: 0,
    validation_success_rate: 0,
    recent_violations: [],
    critical_business_impact_violations: 0,
  });
  for (let i = 0; i < 30; i++) {
    counting.validate(i % 3 === 0 ? goldenPath(`run-${i}`) : goldenPath(`run-${i}`, "c", "d"));
  }
  const summary = counting.getSummary();
  assert.equal(summary.total_validations, 30);
  assert.equal(summary.integrity_violations, 20);
  assert.equal(summary.validation_success_rate, 1 / 3);
  assert.equal(summary.critical_business_impact_violations, 0);
  assert.deepEqual(
    summary.recent_violations.map((details) => details.workflow_id),
    ["run-23", "run-25", "run-26", "run-28", "run-29"],
  );
  assert.equal(counting.history.length, 7);
  assert.equal(counting.history.at(-1)?.workflow_id, "run-29");
});

Deno.test("CoordinationValidator refuses a history that keeps nothing", () => {
  for (const historyMaxEntries of [0, -1, 1.5, NaN]) {
    assert.throws(() => new CoordinationValidator({ historyMaxEntries }), RangeError);
  }
});
