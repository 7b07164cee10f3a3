import { ActionScope } from "../../enums/action_scope.ts";
import { RecoveryResult } from "../../enums/recovery_result.ts";
import { type AnyRecoveryDocument, unlistedAction } from "./compile_rules.ts";
import { decideStep, type StepDecision } from "./decide_step.ts";
import type { RecoveryActionDict } from "./recovery_action_dict.ts";
import type { ActionRules, RecoveryRules } from "./recovery_rules.ts";
import { alignSteps, type StepPair } from "./replay_alignment.ts";
import { type AskedStep, type CauseVerdict, judgeCause } from "./replay_cause.ts";
import {
  assumedFacts,
  EITHER_WAY,
  possibleInputs,
  replayedFacts,
  type ReplayedOutcome,
} from "./replay_inputs.ts";
import { decisionOf, goneDecision, outcomeOf, type Replayed } from "./replay_decision.ts";
import type { ReplayedDecisionDict, ReplayOutcome } from "./replay_report.ts";
import type { StepInputs } from "./step_inputs.ts";

/** What is known of one recorded chain, or of an anomaly that began none. */
export interface RecordedChain {
  /** Its entries, in the order of their steps; at least one. */
  readonly entries: readonly RecoveryActionDict[];
  /** What became of steps without an entry, by their number from 1, as far as that is known. */
  readonly folded: ReadonlyMap<number, RecoveryActionDict>;
}

/** The rules by which decisions are made again. */
export interface NewRules {
  /** The document. */
  readonly document: AnyRecoveryDocument;
  /** The same, compiled. */
  readonly rules: RecoveryRules;
  /** Whether the document says if it is a dry run; else it is one where it was one. */
  readonly isDryRunByDocument: boolean;
}

type Asked = Extract<CauseVerdict, { readonly kind: "asked" }>;

/**
 * Makes the decisions of a chain again.
 *
 * @param chain What was recorded.
 * @param by The new rules.
 * @returns The decisions, in the order of the steps.
 */
export function replayChain(chain: RecordedChain, by: NewRules): readonly ReplayedDecisionDict[] {
  const first = chain.entries[0]!;
  const verdict = judgeCause(first, by.rules);
  if (first.chain_id === "") return replayIgnored(first, verdict, by);
  if (verdict.kind === "asked") return new ChainReplay(chain, verdict, by).decisions();
  return chain.entries.map((entry) => goneDecision(entry, verdict.reason));
}

function replayIgnored(
  entry: RecoveryActionDict,
  verdict: CauseVerdict,
  by: NewRules,
): readonly ReplayedDecisionDict[] {
  const isAsked = verdict.kind === "asked";
  const outcome = isAsked ? "asked" : verdict.result ?? "not_asked";
  const own = decisionOf(entry, { outcome, reason: verdict.reason, assumed: false }, {
    step: null,
    recorded: entry.result,
    replayedStep: null,
  });
  if (!isAsked) return [own];
  return [
    own,
    ...new ChainReplay({ entries: [entry], folded: new Map() }, verdict, by).decisions(),
  ];
}

/** Goes through the steps of a chain, recorded ones and new ones. */
class ChainReplay {
  readonly #chain: RecordedChain;
  readonly #verdict: Asked;
  readonly #by: NewRules;
  readonly #byStep: ReadonlyMap<number, RecoveryActionDict>;
  /** How the steps so far ended, by the new rules. */
  readonly #outcomes: ReplayedOutcome[] = [];
  /** Whether all of them ended as they did. */
  #isAsRecorded = true;
  #latest: RecoveryActionDict;

  constructor(chain: RecordedChain, verdict: Asked, by: NewRules) {
    this.#chain = chain;
    this.#verdict = verdict;
    this.#by = by;
    this.#byStep = new Map(chain.entries.map((entry) => [entry.step, entry]));
    this.#latest = chain.entries[0]!;
  }

  decisions(): readonly ReplayedDecisionDict[] {
    const { steps } = this.#chain.entries[0]!;
    const before = Array.from({ length: steps }, (_, index) => {
      const known = this.#byStep.get(index + 1);
      const likely = known ?? this.#chain.folded.get(index + 1);
      return { action: likely?.action_type ?? null, isKnown: known !== undefined };
    });
    const pairs = alignSteps(before, this.#verdict.steps.map(({ action }) => action));
    return pairs.flatMap((pair) => this.#replay(pair) ?? []);
  }

  /** @returns The decision about a step; null for a recorded one that has no entry. */
  #replay({ before, after }: StepPair): ReplayedDecisionDict | null {
    const entry = before === null ? undefined : this.#byStep.get(before + 1);
    if (after === null) {
      this.#isAsRecorded = false;
      return entry === undefined ? null : goneDecision(entry, "the chain has no such step");
    }
    const step = this.#verdict.steps[after]!;
    if (entry !== undefined) return this.#again(entry, step, after);
    if (before !== null) {
      this.#noteUnrecorded(before + 1, step);
      return null;
    }
    return this.#added(step, after);
  }

  #again(entry: RecoveryActionDict, step: AskedStep, after: number): ReplayedDecisionDict {
    this.#latest = entry;
    const facts = this.#dryRun(replayedFacts(entry, step.action, this.#by.document), entry);
    const recorded = { ...entry.inputs, facts };
    const replayed = this.#isAsRecorded
      ? { ...this.#decide(step, [recorded], entry), assumed: this.#verdict.assumed }
      : this.#decideAfterOthers(step, recorded, entry);
    const ran = replayed.outcome === "run" && outcomeOf(entry) === "run";
    this.#note(step, replayed.outcome, ran ? [entry.result] : undefined);
    if (replayed.outcome !== outcomeOf(entry)) this.#isAsRecorded = false;
    return decisionOf(entry, replayed, {
      step: entry.step,
      recorded: outcomeOf(entry),
      replayedStep: after + 1,
    });
  }

  #added(step: AskedStep, after: number): ReplayedDecisionDict {
    this.#isAsRecorded = false;
    const latest = this.#latest;
    const facts = this.#dryRun(replayedFacts(latest, step.action, this.#by.document), latest);
    const recorded = { ...latest.inputs, facts: assumedFacts(facts) };
    const replayed = this.#decideAfterOthers(step, recorded, latest);
    this.#note(step, replayed.outcome);
    return {
      ...decisionOf(latest, replayed, {
        step: null,
        recorded: "not_asked",
        replayedStep: after + 1,
      }),
      id: null,
      action_type: step.action,
      change: replayed.outcome === "unknown" ? "unknown" : "added",
      recorded_reason: null,
      replayed_reason: replayed.outcome === "run" ? SUPPOSED : replayed.reason,
      repeats: 0,
    };
  }

  #decideAfterOthers(step: AskedStep, recorded: StepInputs, entry: RecoveryActionDict): Replayed {
    const { threshold } = this.#by.rules.escalation;
    const ways = possibleInputs(recorded, this.#outcomes, threshold);
    const decided = ways === null ? UNKNOWN : this.#decide(step, ways, entry);
    return { ...decided, assumed: true };
  }

  /** Decides for every way in which things may be: the decision, where that is the same for all. */
  #decide(
    step: AskedStep,
    ways: readonly StepInputs[],
    entry: RecoveryActionDict,
  ): Omit<Replayed, "assumed"> {
    const { rules } = this.#by;
    const question = {
      action: actionRules(step.action, entry, rules),
      condition: step.condition,
      trigger: entry.trigger,
    };
    const decisions = ways.map((inputs) => decideStep(question, inputs, rules));
    const outcomes = new Set(decisions.map(resultOf));
    if (outcomes.size !== 1) return UNKNOWN;
    const [decision] = decisions;
    const reason = decision?.kind === "refuse" ? decision.reason : null;
    return { outcome: resultOf(decision!), reason };
  }

  #dryRun<T extends { readonly dry_run: boolean }>(facts: T, { inputs }: RecoveryActionDict): T {
    const { isDryRunByDocument, rules } = this.#by;
    return { ...facts, dry_run: isDryRunByDocument ? rules.dryRun : inputs.facts.dry_run };
  }

  #noteUnrecorded(number: number, { action }: AskedStep): void {
    const folded = this.#chain.folded.get(number);
    const results = folded?.action_type === action ? [folded.result] : EITHER_WAY;
    this.#outcomes.push({ action, results });
  }

  #note(
    { action }: AskedStep,
    outcome: ReplayOutcome,
    results: readonly RecoveryResult[] = resultsOf(outcome),
  ): void {
    this.#outcomes.push({ action, results });
  }
}

const SUPPOSED = "supposing that something does it, and that it has rested";

const UNKNOWN = {
  outcome: "unknown",
  reason: "it depends on what becomes of steps before it that never ran",
} as const;

function resultsOf(outcome: ReplayOutcome): readonly RecoveryResult[] {
  switch (outcome) {
    case "run":
    case "unknown":
    case "asked":
    case "not_asked":
      return EITHER_WAY;
    default:
      return [outcome];
  }
}

function resultOf(decision: StepDecision): ReplayOutcome {
  return decision.kind === "run" ? "run" : decision.result;
}

function actionRules(
  name: string,
  { result }: RecoveryActionDict,
  rules: RecoveryRules,
): ActionRules {
  const listed = rules.actions.get(name) ?? unlistedAction(name);
  // Whoever registered it may have said so, whatever the file says.
  return result === RecoveryResult.SKIPPED_NOT_LEADER
    ? { ...listed, scope: ActionScope.CLUSTER }
    : listed;
}
