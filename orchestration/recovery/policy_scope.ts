import { ActionScope } from "../../enums/action_scope.ts";
import type { ChainDesk } from "./chain_desk.ts";
import type { PolicyRules } from "./recovery_rules.ts";

/** @returns Where a policy's chain runs: on the leader as soon as one of its actions does. */
export function policyScope(
  { steps }: PolicyRules,
  desk: Pick<ChainDesk, "actionRules">,
): ActionScope {
  const isForLeader = steps.some(({ action }) =>
    desk.actionRules(action).scope === ActionScope.CLUSTER
  );
  return isForLeader ? ActionScope.CLUSTER : ActionScope.NODE;
}
