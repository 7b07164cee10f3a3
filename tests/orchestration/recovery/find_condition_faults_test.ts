import assert from "node:assert/strict";
import { fixedEnv } from "../../../config/env_reader.ts";
import { ConfigError } from "../../../config/files/config_error.ts";
import type { ConfigSchema } from "../../../config/files/config_schema.ts";
import { parseConfig } from "../../../config/files/parse_config.ts";
import { recoveryPoliciesSchema } from "../../../config/schemas/recovery_policies.ts";
import type { RecoveryPoliciesDocument } from "../../../config/schemas/recovery_policies_document.ts";
import { findConditionFaults } from "../../../orchestration/recovery/find_condition_faults.ts";

/** The schema of policies, with conditions that cannot be read among what refuses a file. */
const withConditions: ConfigSchema<RecoveryPoliciesDocument> = {
  ...recoveryPoliciesSchema,
  async parse(value) {
    const outcome = await recoveryPoliciesSchema.parse(value);
    if (outcome.kind === "invalid") return outcome;
    const faults = findConditionFaults(outcome.value);
    return faults.length === 0 ? outcome : { kind: "invalid", faults };
  },
};

const TEXT = `
recovery_actions: { restart: {}, page: {} }
recovery_policies:
  crash:
    escalation_chain:
      - { action: restart, condition: severity >= 0.5 }
      - action: page
        condition: severity >= 0.8 or resart >= 1
  a.b:
    escalation_chain:
      - action: page
        condition: >-
          severity >= 0.8
          and
      - action: page
        condition: \${BATON_WHEN}
`;

Deno.test("findConditionFaults gives what refuses a file by line and column", async () => {
  const env = fixedEnv({ BATON_WHEN: "secret > 1" });
  const loading = parseConfig(TEXT, withConditions, { file: "policies.yaml", env });
  await assert.rejects(loading, (error) => {
    assert.ok(error instanceof ConfigError);
    assert.deepEqual(error.message.split("\n"), [
      "policies.yaml:8:20 recovery_policies.crash.escalation_chain[1].condition: " +
      'a name that is not allowed at offset 19 (got "resart", expected severity, ' +
      "recurrence_count, confidence, step, duration, or a flag such as previous_step_failed)",
      'policies.yaml:13:1 recovery_policies["a.b"].escalation_chain[0].condition: ' +
      "Unexpected end at offset 19 (got the end, expected a variable, a flag, a number or a " +
      "text in quotes)",
      'policies.yaml:16:20 recovery_policies["a.b"].escalation_chain[1].condition: ' +
      "a name that is not allowed at offset 0, from the variable BATON_WHEN (got a text, expected " +
      "severity, recurrence_count, confidence, step, duration, or a flag such as " +
      "previous_step_failed)",
    ]);
    return true;
  });
});

Deno.test("findConditionFaults finds nothing in what can be read", async () => {
  const text = TEXT.replace("resart >= 1", "restart_failed").replace(/\n +and\n/, "\n");
  const env = fixedEnv({ BATON_WHEN: "always" });
  const { config } = await parseConfig(text, withConditions, { env });
  assert.deepEqual(findConditionFaults(config), []);
  assert.deepEqual(findConditionFaults((await recoveryPoliciesSchema.defaults())!), []);
});

const shipped = new URL("../../../examples/config/recovery_policies.yaml", import.meta.url);
const { state } = await Deno.permissions.query({ name: "read", path: shipped });
const mayRead = state === "granted";

Deno.test({
  name: `findConditionFaults finds nothing in the shipped policies${
    mayRead ? "" : " (needs --allow-read)"
  }`,
  ignore: !mayRead,
  async fn() {
    const text = await Deno.readTextFile(shipped);
    const { config } = await parseConfig(text, withConditions, { env: fixedEnv({}) });
    assert.ok(Object.keys(config.recovery_policies).length > 0);
  },
});
