import assert from "node:assert/strict";
import { findIdleActions, findIdlePhases, findUnwatched } from "../../cli/policy_warnings.ts";
import { formatFault } from "../../config/files/config_fault.ts";
import { parseConfig } from "../../config/files/parse_config.ts";
import { recoverySchema } from "../../config/schemas/recovery.ts";
import { recoveryPoliciesSchema } from "../../config/schemas/recovery_policies.ts";

const FILE = "recovery_policies.yaml";
const { config: policies } = await parseConfig(
  `
recovery_policies:
  down: { component: webb, escalation_chain: [{ action: mend }] }
  told: { escalation_chain: [{ action: mend }] }
recovery_actions: { mend: { phase_restrictions: { NIGHT: true } }, page: {} }
handlers:
  mend: { log: {}, verify: { component: web } }
`,
  recoveryPoliciesSchema,
);
const { config: basic } = await parseConfig("{}", recoverySchema);

Deno.test("findUnwatched tells of components that health.yaml has not, and guesses which was meant", () => {
  const around = { file: FILE, healthFile: "health.yaml", components: ["web", "store"] };
  const [fault, ...others] = findUnwatched(policies, around);
  assert.equal(
    formatFault(fault!),
    "recovery_policies.yaml recovery_policies.down.component: no such component is watched, did you " +
      'mean "web"?: this policy never acts by itself (got "webb", expected one of health.yaml: web, store)',
  );
  assert.deepEqual(others, []);
  assert.deepEqual(findUnwatched(policies, { ...around, components: ["web", "webb"] }), []);
  assert.deepEqual(findUnwatched(basic, around), []);
});

Deno.test("findUnwatched tells of every component when there is no health file", () => {
  const faults = findUnwatched(policies, { file: FILE, healthFile: undefined, components: [] });
  assert.deepEqual(faults.map(({ path, severity }) => [path, severity]), [
    ["recovery_policies.down.component", "warning"],
    ["handlers.mend.verify.component", "warning"],
  ]);
  assert.match(faults[0]!.message, /without --health: this policy never acts/);
  assert.match(faults[1]!.message, /never seen to help/);
});

Deno.test("findIdlePhases tells of restrictions that hold nothing back", () => {
  const faults = findIdlePhases(policies, FILE);
  assert.deepEqual(faults.map(({ path, got }) => [path, got]), [
    ["recovery_actions.mend.phase_restrictions", "NIGHT"],
  ]);
  assert.deepEqual(findIdlePhases(basic, FILE), []);
});

Deno.test("findIdleActions tells of threshold actions that nothing does", async () => {
  assert.deepEqual(findIdleActions(basic, []), ["cache_purge", "circuit_restart"]);
  assert.deepEqual(findIdleActions(policies, ["page"]), ["page"]);
  const text = `
handlers: { circuit_restart: { log: {} } }
recovery_actions: { cache_purge: { enabled: false } }`;
  const { config } = await parseConfig(text, recoverySchema);
  assert.deepEqual(findIdleActions(config, []), []);
});
