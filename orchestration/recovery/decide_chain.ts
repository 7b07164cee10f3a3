import { type Condition, parseCondition } from "./condition.ts";
import { decideStep, type StepDecision } from "./decide_step.ts";
import type { OutsideFacts } from "./gather_facts.ts";
import { type Ledger, ledgerFacts } from "./ledger.ts";
import { stepFailures } from "./ledger_notes.ts";
import {
  type ChainStep,
  contextOf,
  currentStep,
  type RecoveryChain,
  stepIndex,
} from "./recovery_chain.ts";
import type { RecoveryEnvironment } from "./recovery_environment.ts";
import type { ActionRules } from "./recovery_rules.ts";
import type { StepInputs } from "./step_inputs.ts";

/** What a chain's step is decided by, besides the chain. */
export interface ChainSituation {
  /** What the lane remembers. */
  readonly ledger: Ledger;
  /** What was asked for outside of it. */
  readonly outside: OutsideFacts;
  /** The action's place among those that wait, from 1; 0 when it is its turn. */
  readonly place: number;
  /** The moment, in ms since 1970. */
  readonly nowMs: number;
  /** What holds for the action. */
  readonly action: ActionRules;
}

/** A decision, with what it was made by. */
export interface ChainDecision {
  /** What was decided. */
  readonly decision: StepDecision;
  /** What it was decided by. */
  readonly inputs: StepInputs;
}

/** @returns What is decided about the current step of a chain. */
export function decideChain(
  chain: RecoveryChain,
  { ledger, outside, place, nowMs, action }: ChainSituation,
  { rules, registry, isDryRun }: Pick<RecoveryEnvironment, "rules" | "registry" | "isDryRun">,
): ChainDecision {
  const inputs: StepInputs = {
    context: contextOf(chain, nowMs),
    previous_result: chain.outcomes.at(-1)?.result ?? null,
    previous_failures: stepFailures(ledger, chain.cause.type, stepIndex(chain) - 1),
    force: chain.cause.force,
    facts: {
      ...ledgerFacts(ledger, action.name, nowMs),
      ...outside,
      enabled: rules().enabled,
      dry_run: isDryRun(),
      has_handler: registry.get(action.name) !== undefined,
      waiting: place,
    },
  };
  const condition = conditionOf(currentStep(chain));
  const question = { action, condition, trigger: chain.cause.trigger };
  return { decision: decideStep(question, inputs, rules()), inputs };
}

/** A chain was stored with a condition that could be read; one that no longer can be never holds. */
function conditionOf({ condition: text }: ChainStep): Condition {
  try {
    return parseCondition(text);
  } catch (error) {
    const evaluate = () => {
      throw error;
    };
    return { text, names: [], evaluate };
  }
}
