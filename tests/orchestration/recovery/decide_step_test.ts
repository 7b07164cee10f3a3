import assert from "node:assert/strict";
import type { RecoveryResult } from "../../../enums/recovery_result.ts";
import { parseCondition } from "../../../orchestration/recovery/condition.ts";
import { decideStep } from "../../../orchestration/recovery/decide_step.ts";
import type { StepInputs } from "../../../orchestration/recovery/step_inputs.ts";
import { anAction, rulesOf, someFacts } from "./recovery_fixtures.ts";

const rules = await rulesOf();

function inputs(fields: Partial<StepInputs> = {}): StepInputs {
  return {
    context: { severity: 0.5 },
    previous_result: null,
    previous_failures: 0,
    force: false,
    facts: someFacts(),
    ...fields,
  };
}

function decide(text: string, given: StepInputs, by = rules) {
  const condition = parseCondition(text);
  return decideStep({ action: anAction(), condition, trigger: "anomaly" }, given, by);
}

Deno.test("decideStep takes a step whose condition holds, and says why not otherwise", () => {
  assert.deepEqual(decide("severity >= 0.5", inputs()), { kind: "run", escalated: false });
  assert.deepEqual(decide("severity > 0.5", inputs()), {
    kind: "refuse",
    result: "condition_not_met",
    reason: "not so: severity > 0.5",
    retryAtMs: null,
    escalated: false,
  });
  const unanswered = decide("duration > 5", inputs());
  assert.equal(unanswered.kind === "refuse" && unanswered.result, "condition_error");
  assert.match(unanswered.kind === "refuse" ? unanswered.reason : "", /duration/);
});

Deno.test("decideStep asks the gate after the condition", () => {
  const off = inputs({ facts: someFacts({ enabled: false }) });
  const refused = (text: string) => {
    const decision = decide(text, off);
    return decision.kind === "refuse" && decision.result;
  };
  assert.equal(refused("always"), "skipped_disabled");
  assert.equal(refused("severity > 0.5"), "condition_not_met");
});

Deno.test("decideStep escalates after enough failures of the step before", async () => {
  const never = await rulesOf({ advanced: { auto_escalate_on_failure: false } });
  const cases: [name: string, result: RecoveryResult | null, failures: number, isTaken: boolean][] =
    [
      ["the first step", null, 9, false],
      ["one failure", "failed", 1, false],
      ["two failures", "failed", 2, true],
      ["more than two", "failed", 7, true],
      ["a success after failures", "success", 2, false],
      ["left alone, as it did not help", "skipped_frozen", 0, true],
      ["skipped for another reason", "skipped_cooldown", 2, false],
    ];
  for (const [name, previous_result, previous_failures, isTaken] of cases) {
    const given = inputs({ previous_result, previous_failures });
    const decision = decide("severity > 0.9", given);
    assert.equal(decision.escalated, isTaken, name);
    assert.equal(decision.kind, isTaken ? "run" : "refuse", name);
    assert.equal(decide("severity > 0.9", given, never).kind, "refuse", `switched off: ${name}`);
  }
});

Deno.test("decideStep does not escalate past the gate", () => {
  const given = inputs({
    previous_result: "failed",
    previous_failures: 2,
    facts: someFacts({ pause: "upgrade (kim)" }),
  });
  const decision = decide("severity > 0.9", given);
  assert.equal(decision.kind === "refuse" && decision.result, "skipped_paused");
  assert.equal(decision.escalated, true);
});

Deno.test("decideStep throws what is no matter of the condition", () => {
  const condition = {
    text: "x",
    names: [],
    evaluate: () => {
      throw new RangeError("a bug");
    },
  };
  const question = { action: anAction(), condition, trigger: "anomaly" } as const;
  assert.throws(() => decideStep(question, inputs(), rules), RangeError);
});
