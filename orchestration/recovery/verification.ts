import { RecoveryTrigger } from "../../enums/recovery_trigger.ts";
import type { HealthSource } from "../../health/health_state.ts";
import type { ActionContext, ActionVerifier } from "./action_handler.ts";
import type { RunnableAction } from "./action_registry.ts";
import {
  componentSeverity,
  figureIn,
  findHealthTriggers,
  HEALTH_TRIGGERS,
  RETRY_FAILURES,
} from "./health_triggers.ts";
import type { RecoveryChain } from "./recovery_chain.ts";
import type { RecoveryEnvironment } from "./recovery_environment.ts";

/** How it is looked whether an action helped. */
export type Verification =
  | {
    /** The action's own way. */
    readonly kind: "verifier";
    /** Looks. */
    readonly verify: ActionVerifier;
  }
  | {
    /** Whether the component is well again. */
    readonly kind: "component";
    /** The component. */
    readonly component: string;
    /** The policy that watches it, and says what counts as well. */
    readonly policy: string;
  }
  | {
    /** Whether no more retries have failed since. */
    readonly kind: "retries";
  }
  | {
    /** Whether the threshold is passed no more. */
    readonly kind: "threshold";
    /** The threshold. */
    readonly name: string;
  };

/**
 * Finds how to look whether an action helped.
 *
 * @param chain The chain whose step ran.
 * @param action What did it; undefined when nothing does any more.
 * @param monitor Says how the node is; null for nobody.
 * @returns The way; null when there is none, and nobody looks.
 */
export function verificationOf(
  { cause }: RecoveryChain,
  action: RunnableAction | undefined,
  monitor: HealthSource | null,
): Verification | null {
  if (action?.verify === false) return null;
  if (action?.verify) return { kind: "verifier", verify: action.verify };
  if (monitor === null) return null;
  if (cause.component !== null) {
    return { kind: "component", component: cause.component, policy: cause.type };
  }
  const isThreshold = cause.trigger === RecoveryTrigger.HEALTH_CHECK &&
    HEALTH_TRIGGERS.some(({ name }) => name === cause.type);
  if (!isThreshold) return null;
  return cause.type === RETRY_FAILURES
    ? { kind: "retries" }
    : { kind: "threshold", name: cause.type };
}

/**
 * Looks whether an action helped.
 *
 * @param verification How.
 * @param context The action as it ran.
 * @param environment Who says how things are.
 * @returns Whether it did.
 */
export async function hasHelped(
  verification: Verification,
  context: ActionContext,
  { healthMonitor, rules }: Pick<RecoveryEnvironment, "healthMonitor" | "rules">,
): Promise<boolean> {
  if (verification.kind === "verifier") return await verification.verify(context) === true;
  const state = await healthMonitor!.getComprehensiveState();
  switch (verification.kind) {
    case "component": {
      const { component, policy } = verification;
      const degraded = rules().policies.get(policy)?.watch?.degraded ?? false;
      return componentSeverity(state, { component, degraded, forMs: 0 }) === 0;
    }
    case "retries": {
      const failures = state.retry?.failures_1h;
      return typeof failures === "number" && failures <= figureIn(context.reason);
    }
    case "threshold": {
      const unknown: string[] = [];
      const noteUnknown = (_: unknown, name: string) => void unknown.push(name);
      const passed = findHealthTriggers(state, rules().thresholds, noteUnknown);
      return ![...unknown, ...passed.map(({ name }) => name)].includes(verification.name);
    }
    default:
      return verification satisfies never;
  }
}
