import assert from "node:assert/strict";
import {
  cooldownsOfKnownActions,
  stepsOfKnownActions,
} from "../../../config/schemas/recovery_rules.ts";

const document = {
  cooldowns: { restart: 5, restrat: 5 },
  recovery_actions: { restart: {} },
  recovery_policies: { p: { escalation_chain: [{ action: "restart" }, { action: "page" }] } },
};

Deno.test("cooldownsOfKnownActions warns of a cooldown of no action, at its key", () => {
  assert.deepEqual(cooldownsOfKnownActions(document), [{
    path: ["cooldowns", "restrat"],
    message: "a cooldown of an unknown action",
    known: ["restart"],
    expected: "an action of recovery_actions",
    severity: "warning",
    isAboutKey: true,
  }]);
  assert.deepEqual(cooldownsOfKnownActions({ cooldowns: { a: 1 }, recovery_actions: {} }), []);
});

Deno.test("stepsOfKnownActions warns of a step with no action", () => {
  const faults = stepsOfKnownActions(document);
  assert.deepEqual(faults.map(({ path, severity }) => [path, severity]), [
    [["recovery_policies", "p", "escalation_chain", 1, "action"], "warning"],
  ]);
});
