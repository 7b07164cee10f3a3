import type { ConfigSchema } from "../files/config_schema.ts";
import { lazySchema } from "../files/lazy_schema.ts";
import type { RecoveryPoliciesDocument } from "./recovery_policies_document.ts";

/**
 * The schema of `recovery_policies.yaml`: recovery by policies that escalate. All of it has defaults,
 * and without a file there are no policies and no actions.
 *
 * @example Read a file of it
 * ```ts
 * import { parseConfig, recoveryPoliciesSchema } from "@baton/orchestration/config";
 *
 * const text = `
 * recovery_actions: { restart: {} }
 * recovery_policies:
 *   crash: { escalation_chain: [{ action: restart, condition: severity >= 0.5 }] }
 * `;
 * const { config, contradictions } = await parseConfig(text, recoveryPoliciesSchema);
 * if (contradictions.length > 0) throw new Error("what contradicts what?");
 * if (config.recovery_policies["crash"]?.severity_threshold !== 0.8) throw new Error("no default");
 * ```
 */
export const recoveryPoliciesSchema: ConfigSchema<RecoveryPoliciesDocument> = lazySchema(
  "recovery policies",
  async () => (await import("./recovery_policies_document.ts")).schema,
);
