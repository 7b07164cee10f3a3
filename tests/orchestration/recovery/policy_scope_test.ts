import assert from "node:assert/strict";
import { ActionScope } from "../../../enums/action_scope.ts";
import { unlistedAction } from "../../../orchestration/recovery/compile_rules.ts";
import { policyScope } from "../../../orchestration/recovery/policy_scope.ts";
import { policyOf } from "./machine_world.ts";
import { rulesOf } from "./recovery_fixtures.ts";

Deno.test("policyScope is the leader's as soon as one action is", async () => {
  const cases = [
    { steps: ["circuit_restart"], scope: ActionScope.NODE },
    { steps: ["circuit_restart", "cache_purge", "safe_mode"], scope: ActionScope.NODE },
    { steps: ["circuit_restart", "restart_service"], scope: ActionScope.CLUSTER },
    { steps: ["restart_service", "circuit_restart"], scope: ActionScope.CLUSTER },
    { steps: ["nobody_knows"], scope: ActionScope.CLUSTER },
    { steps: ["listed"], scope: ActionScope.NODE },
  ];
  for (const { steps, scope } of cases) {
    const { policies, actions } = await rulesOf({
      recovery_actions: { listed: { scope: "node" } },
      recovery_policies: { crash: policyOf(...steps) },
    });
    const actionRules = (name: string) => actions.get(name) ?? unlistedAction(name);
    assert.equal(policyScope(policies.get("crash")!, { actionRules }), scope, steps.join());
  }
});
