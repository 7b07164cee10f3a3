import assert from "node:assert/strict";
import { recoverySchema } from "../../../config/schemas/recovery.ts";
import { recoveryPoliciesSchema } from "../../../config/schemas/recovery_policies.ts";
import {
  checkedPoliciesSchema,
  checkedRecoverySchema,
} from "../../../orchestration/recovery/checked_schemas.ts";

async function check(escalation_chain: object[]) {
  const actions = ["restart_radio", "stabilize_attitude", "alert_ground"];
  const recovery_actions = Object.fromEntries(actions.map((name) => [name, {}]));
  const recovery_policies = { fault: { escalation_chain } };
  return await checkedPoliciesSchema.parse({ recovery_actions, recovery_policies });
}

async function warnings(escalation_chain: object[]): Promise<string[]> {
  const outcome = await check(escalation_chain);
  assert.equal(outcome.kind, "valid");
  return outcome.contradictions.map(({ path, message }) => `${path.join(".")}: ${message}`);
}

Deno.test("checkedPoliciesSchema refuses conditions that cannot be read, with their place", async () => {
  const outcome = await check([
    { action: "restart_radio" },
    { action: "alert_ground", condition: "severity = 1" },
  ]);
  assert.equal(outcome.kind, "invalid");
  const path = ["recovery_policies", "fault", "escalation_chain", 1, "condition"];
  assert.deepEqual(outcome.faults.map((fault) => fault.path), [path]);
});

Deno.test("checkedPoliciesSchema warns of flags that no step before sets", async () => {
  const at = "recovery_policies.fault.escalation_chain";
  const restart = { action: "restart_radio" };
  const alertIf = (condition: string) => ({ action: "alert_ground", condition });
  const cases: [name: string, chain: object[], wanted: string[]][] = [
    ["no flag", [restart, alertIf("severity > 0.5")], []],
    ["of its kind", [restart, alertIf("restart_failed")], []],
    ["of its name", [restart, alertIf("restart_radio_failed")], []],
    ["of the step before", [restart, alertIf("not previous_step_failed")], []],
    [
      "of a step further back",
      [restart, { action: "alert_ground" }, alertIf("restart_failed")],
      [],
    ],
    ["in the first step", [alertIf("previous_step_failed")], [
      `${at}.0.condition: the flag previous_step_failed is never set`,
    ]],
    ["of itself", [{ ...restart, condition: "restart_failed" }], [
      `${at}.0.condition: the flag restart_failed is never set`,
    ]],
    ["of another kind", [restart, alertIf("stabilization_failed or restart_failed")], [
      `${at}.1.condition: the flag stabilization_failed is never set`,
    ]],
  ];
  for (const [name, chain, wanted] of cases) assert.deepEqual(await warnings(chain), wanted, name);
});

Deno.test("checked schemas say what the plain ones do, and refuse what those refuse", async () => {
  const plain = await recoveryPoliciesSchema.parse({});
  assert.deepEqual(await checkedPoliciesSchema.parse({}), plain);
  assert.deepEqual(await checkedRecoverySchema.parse({}), await recoverySchema.parse({}));
  assert.equal(checkedPoliciesSchema.name, recoveryPoliciesSchema.name);
  for (const schema of [checkedPoliciesSchema, checkedRecoverySchema]) {
    assert.equal((await schema.parse({ poll_interval: "often" })).kind, "invalid");
    assert.ok(Object.isFrozen(schema));
  }
});

Deno.test("checked schemas look into the texts of handlers", async () => {
  const document = { handlers: { page: { notify: { message: "why: {{raeson}}" } } } };
  assert.equal((await recoveryPoliciesSchema.parse(document)).kind, "valid");
  for (const schema of [checkedPoliciesSchema, checkedRecoverySchema]) {
    const outcome = await schema.parse(document);
    assert.equal(outcome.kind, "invalid");
    const places = outcome.faults.map(({ path }) => path.join("."));
    assert.deepEqual(places, ["handlers.page.notify.message"]);
  }
});
