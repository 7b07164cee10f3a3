import assert from "node:assert/strict";
import {
  contextOf,
  currentStep,
  decodeChain,
  durationSeconds,
  flagsOf,
  isAttemptAt,
  isOver,
  isSamePlace,
  type RecoveryChain,
  stepIndex,
  withOutcome,
} from "../../../orchestration/recovery/recovery_chain.ts";
import { aCause, aChain, anExecution, aStep, NOW_MS } from "./recovery_fixtures.ts";

const running = (fields = {}): RecoveryChain =>
  aChain({ at: { kind: "running", execution: anExecution(fields) } });
const verifying = (checks: number): RecoveryChain =>
  aChain({
    at: { kind: "verifying", execution: anExecution(), endedMs: NOW_MS, report: null, checks },
  });

Deno.test("withOutcome goes on to the next step, until all are over", () => {
  const first = aChain();
  assert.deepEqual([stepIndex(first), currentStep(first).action], [0, "restart_radio"]);
  const second = withOutcome(first, { result: "failed", verified: null }, NOW_MS + 7);
  assert.deepEqual(second.outcomes, [{
    action: "restart_radio",
    result: "failed",
    verified: null,
  }]);
  assert.deepEqual(second.at, { kind: "deciding", notBeforeMs: NOW_MS + 7 });
  assert.deepEqual([isOver(second), currentStep(second).action], [false, "alert_ground"]);
  const over = withOutcome(second, { result: "success", verified: true }, NOW_MS);
  assert.equal(isOver(over), true);
  assert.deepEqual(first, aChain(), "nothing is changed in place");
});

Deno.test("contextOf says how things are before a step", () => {
  assert.deepEqual(contextOf(aChain(), NOW_MS), {
    previous_step_failed: false,
    severity: 0.9,
    recurrence_count: 2,
    confidence: 0.7,
    step: 1,
    duration: 5,
  });
});

Deno.test("contextOf sets a flag for each action that failed, by its name and its kind", () => {
  const after = (
    ...outcomes: [action: string, result: "failed" | "success" | "skipped_frozen"][]
  ) => {
    const steps = [...outcomes.map(([action]) => aStep(action)), aStep("last")];
    const ended = outcomes.map(([action, result]) => ({ action, result, verified: null }));
    const context = contextOf(aChain({ steps, outcomes: ended }), NOW_MS);
    return Object.entries(context).filter(([, value]) => value === true).map(([name]) => name);
  };
  assert.deepEqual(after(["restart_radio", "success"]), []);
  assert.deepEqual(after(["restart_radio", "skipped_frozen"]), []);
  assert.deepEqual(after(["restart_radio", "failed"]).sort(), [
    "previous_step_failed",
    "restart_failed",
    "restart_radio_failed",
  ]);
  assert.deepEqual(after(["stabilize_attitude", "failed"], ["x", "success"]).sort(), [
    "stabilization_failed",
    "stabilize_attitude_failed",
  ]);
  assert.deepEqual(after(["__proto__", "failed"]).sort(), [
    "__proto___failed",
    "previous_step_failed",
  ]);
});

Deno.test("flagsOf names an action and its kind", () => {
  assert.deepEqual(flagsOf("circuit_restart"), ["circuit_restart_failed", "restart_failed"]);
  assert.deepEqual(flagsOf("restart"), ["restart_failed"]);
  assert.deepEqual(flagsOf("restarting"), ["restarting_failed"]);
  assert.deepEqual(flagsOf("stabilize_attitude"), [
    "stabilize_attitude_failed",
    "stabilization_failed",
  ]);
});

Deno.test("durationSeconds is as was told, if that is a time, else since it was detected", () => {
  const cases: [metadata: unknown, wanted: number][] = [
    [{}, 5],
    [{ duration: 150 }, 150],
    [{ duration: 0 }, 0],
    [{ duration: -1 }, 5],
    [{ duration: "150" }, 5],
    [{ duration: null }, 5],
    [Object.create({ duration: 150 }), 5],
  ];
  for (const [metadata, wanted] of cases) {
    const cause = aCause({ metadata: metadata as Record<string, unknown> });
    assert.equal(durationSeconds(cause, NOW_MS), wanted, JSON.stringify(metadata));
  }
  assert.equal(durationSeconds(aCause({ detectedMs: NOW_MS + 1 }), NOW_MS), 0);
});

Deno.test("isSamePlace and isAttemptAt tell a chain that moved from one that did not", () => {
  const deciding = aChain();
  const later = aChain({ at: { kind: "deciding", notBeforeMs: NOW_MS + 9 } });
  const cases: [name: string, a: RecoveryChain, b: RecoveryChain, isSame: boolean][] = [
    ["the same decision to make", deciding, later, true],
    ["decided meanwhile", deciding, running(), false],
    [
      "another step",
      deciding,
      withOutcome(deciding, { result: "failed", verified: null }, 0),
      false,
    ],
    ["the same attempt", running(), running(), true],
    ["another attempt", running(), running({ attempt: 2 }), false],
    ["another decision", running(), running({ id: "e2" }), false],
    ["ended meanwhile", running(), verifying(0), false],
    ["the same check", verifying(1), verifying(1), true],
    ["another check", verifying(1), verifying(2), false],
  ];
  for (const [name, a, b, isSame] of cases) {
    assert.equal(isSamePlace(a, b), isSame, name);
    assert.equal(isSamePlace(b, a), isSame, name);
  }
  assert.equal(isAttemptAt(running(), anExecution()), true);
  assert.equal(isAttemptAt(running({ attempt: 2 }), anExecution()), false);
  assert.equal(isAttemptAt(verifying(0), anExecution()), false);
  assert.equal(isAttemptAt(deciding, anExecution()), false);
});

Deno.test("decodeChain reads a chain wherever it stands", () => {
  for (const chain of [aChain(), running(), running({ term: null }), verifying(2)]) {
    const stored = JSON.parse(JSON.stringify(chain));
    assert.deepEqual(decodeChain(stored), chain);
  }
});

Deno.test("decodeChain takes nothing that a runner would stumble over", () => {
  const outcome = { action: "a", result: "failed", verified: null };
  const at = (fields: object) => ({ at: { ...verifying(1).at, ...fields } });
  const execution = (fields: object) => at({ execution: { ...anExecution(), ...fields } });
  const inputs = (fields: object) => execution({ inputs: { ...anExecution().inputs, ...fields } });
  const cases: object[] = [
    { id: "" },
    { id: "a\0b" },
    { id: 5 },
    { steps: [] },
    { steps: {} },
    { steps: ["restart_radio"] },
    { steps: [null] },
    { steps: [{ ...aStep("a"), action: 5 }] },
    { steps: [{ ...aStep("a"), condition: undefined }] },
    { steps: [{ ...aStep("a"), params: null }] },
    { steps: [{ ...aStep("a"), timeoutMs: "45000" }] },
    { steps: [{ ...aStep("a"), timeoutMs: 0 }] },
    { outcomes: [outcome, outcome] },
    { outcomes: [null] },
    { outcomes: [{ ...outcome, result: "toString" }] },
    { outcomes: [{ ...outcome, verified: 1 }] },
    { cause: null },
    ...Object.keys(aCause()).map((key) => ({ cause: { ...aCause(), [key]: undefined } })),
    { cause: { ...aCause(), trigger: "constructor" } },
    { cause: { ...aCause(), severity: "0.9" } },
    { cause: { ...aCause(), detectedMs: 1e300 } },
    { cause: { ...aCause(), metadata: [] } },
    { at: null },
    { at: { kind: "running" } },
    { at: { kind: "deciding" } },
    { at: { kind: "toString" } },
    at({ endedMs: null }),
    at({ report: 5 }),
    at({ checks: -1 }),
    execution({ id: null }),
    execution({ decidedMs: 1e300 }),
    execution({ term: "3" }),
    execution({ escalated: "no" }),
    execution({ attempt: 0 }),
    execution({ interruptions: 0.5 }),
    execution({ inputs: null }),
    inputs({ context: null }),
    inputs({ facts: null }),
    inputs({ facts: {} }),
  ];
  for (const fields of cases) {
    assert.equal(decodeChain({ ...verifying(1), ...fields }), null, JSON.stringify(fields));
  }
  for (const value of [null, undefined, 5, "x", [], {}]) assert.equal(decodeChain(value), null);
});
