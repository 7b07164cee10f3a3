import { deepFreeze } from "../../config/files/deep_freeze.ts";
import { isEnumValue } from "../../enums/enum_values.ts";
import { isObject } from "../../enums/records/field.ts";
import { RecoveryResult } from "../../enums/recovery_result.ts";
import { RecoveryTrigger } from "../../enums/recovery_trigger.ts";
import type { ConditionContext } from "./condition_context.ts";
import type { StepInputs } from "./step_inputs.ts";
import { isCount, isKeyText, isMoment, isShare, isTextOrNull } from "./stored_values.ts";

/** One step of a chain, as it was when the chain began: a file that changes meanwhile changes none. */
export interface ChainStep {
  /** The action. */
  readonly action: string;
  /** The text of its condition. */
  readonly condition: string;
  /** What the action is given. */
  readonly params: Readonly<Record<string, unknown>>;
  /** How long one attempt may take, in ms, the multiplier included. */
  readonly timeoutMs: number;
}

/** How a step ended. */
export interface StepOutcome {
  /** The action. */
  readonly action: string;
  /** What became of it. */
  readonly result: RecoveryResult;
  /** Whether it was seen to help; null when nobody looked. */
  readonly verified: boolean | null;
}

/** An action that was decided to run. */
export interface Execution {
  /** Identifies the decision. */
  readonly id: string;
  /** When it was decided, in ms since 1970. */
  readonly decidedMs: number;
  /** In which term it was decided; null outside a cluster. */
  readonly term: number | null;
  /** Whether it was brought on by what became of the step before. */
  readonly escalated: boolean;
  /** What it was decided by. */
  readonly inputs: StepInputs;
  /** Which attempt is under way, or was the last one, from 1. */
  readonly attempt: number;
  /** How many attempts were cut short, as the process that made them died or lost its term. */
  readonly interruptions: number;
}

/** Where a chain stands. */
export type ChainPosition =
  | {
    /** Its next step is to be decided. */
    readonly kind: "deciding";
    /** Not before this moment, in ms since 1970. */
    readonly notBeforeMs: number;
  }
  | {
    /** The action of its next step runs. */
    readonly kind: "running";
    /** The action. */
    readonly execution: Execution;
  }
  | {
    /** It is looked whether the action helped. */
    readonly kind: "verifying";
    /** The action. */
    readonly execution: Execution;
    /** When the action ended, in ms since 1970. */
    readonly endedMs: number;
    /** What the action reported; null for nothing. */
    readonly report: string | null;
    /** How many checks were made. */
    readonly checks: number;
  };

/** What a chain is about. */
export interface ChainCause {
  /** What it was begun by. */
  readonly trigger: RecoveryTrigger;
  /** The type of the anomaly, the name of the threshold, or the action that was asked for. */
  readonly type: string;
  /** Why, for people. */
  readonly reason: string;
  /** How severe it is, from 0 to 1. */
  readonly severity: number;
  /** How sure the detection is, from 0 to 1. */
  readonly confidence: number;
  /** How often it came back. */
  readonly recurrenceCount: number;
  /** Since when it lasts, in ms since 1970. */
  readonly detectedMs: number;
  /** What else was said. */
  readonly metadata: Readonly<Record<string, unknown>>;
  /** Which node told of it. */
  readonly node: string;
  /** The component that is unwell; null when it is about none. */
  readonly component: string | null;
  /** Who asked for it; null when nobody did. */
  readonly actor: string | null;
  /** The request that asked for it; null for none. */
  readonly requestId: string | null;
  /** Whether its actions may run in any phase. */
  readonly force: boolean;
}

/** What is being done about one cause: a persisted step machine. */
export interface RecoveryChain {
  /** Identifies it. */
  readonly id: string;
  /** What it is about. */
  readonly cause: ChainCause;
  /** Its steps. */
  readonly steps: readonly ChainStep[];
  /** How its steps ended, as far as they did: its next step is the one after these. */
  readonly outcomes: readonly StepOutcome[];
  /** Where it stands. */
  readonly at: ChainPosition;
}

/** @returns The step that is next, from 0; as many as there are steps once all are over. */
export function stepIndex(chain: RecoveryChain): number {
  return chain.outcomes.length;
}

/** @returns The step that is next, or under way. */
export function currentStep(chain: RecoveryChain): ChainStep {
  return chain.steps[stepIndex(chain)]!;
}

/** @returns Whether an attempt is what a chain is at. */
export function isAttemptAt({ at }: RecoveryChain, { id, attempt }: Execution): boolean {
  return at.kind === "running" && at.execution.id === id && at.execution.attempt === attempt;
}

/** @returns Whether a chain still stands where it stood. */
export function isSamePlace(a: RecoveryChain, b: RecoveryChain): boolean {
  if (a.outcomes.length !== b.outcomes.length || a.at.kind !== b.at.kind) return false;
  if (a.at.kind === "deciding" || b.at.kind === "deciding") return true;
  const isSameAttempt = a.at.execution.id === b.at.execution.id &&
    a.at.execution.attempt === b.at.execution.attempt;
  if (a.at.kind === "running" || b.at.kind === "running") return isSameAttempt;
  return isSameAttempt && a.at.checks === b.at.checks;
}

/** @returns Whether all of its steps are over. */
export function isOver(chain: RecoveryChain): boolean {
  return stepIndex(chain) >= chain.steps.length;
}

/** @returns The chain with its current step over. */
export function withOutcome(
  chain: RecoveryChain,
  outcome: Omit<StepOutcome, "action">,
  notBeforeMs: number,
): RecoveryChain {
  const { action } = currentStep(chain);
  return {
    ...chain,
    outcomes: [...chain.outcomes, { action, ...outcome }],
    at: { kind: "deciding", notBeforeMs },
  };
}

/** Names by which conditions ask after actions of a kind. */
const KINDS: readonly (readonly [flag: `${string}_failed`, kind: RegExp])[] = [
  ["stabilization_failed", /^stabilize_/],
  ["restart_failed", /^restart_|_restart$/],
];

/**
 * Says what a step's condition is asked about.
 *
 * @param chain The chain, before the step.
 * @param nowMs The moment, in ms since 1970.
 * @returns The variables, and a flag for each action that failed in the chain.
 */
export function contextOf(chain: RecoveryChain, nowMs: number): ConditionContext {
  const { cause, outcomes } = chain;
  const flags: Record<`${string}_failed`, boolean> = {
    previous_step_failed: outcomes.at(-1)?.result === RecoveryResult.FAILED,
  };
  for (const { action, result } of outcomes) {
    if (result !== RecoveryResult.FAILED) continue;
    for (const flag of flagsOf(action)) flags[flag] = true;
  }
  return {
    ...flags,
    severity: cause.severity,
    recurrence_count: cause.recurrenceCount,
    confidence: cause.confidence,
    step: stepIndex(chain) + 1,
    duration: durationSeconds(cause, nowMs),
  };
}

/** @returns The flags that say that an action failed. */
export function flagsOf(action: string): readonly `${string}_failed`[] {
  const kinds = KINDS.filter(([, kind]) => kind.test(action)).map(([flag]) => flag);
  return [`${action}_failed`, ...kinds];
}

/** @returns For how long the anomaly has lasted, in seconds; as its metadata says, if it does. */
export function durationSeconds({ metadata, detectedMs }: ChainCause, nowMs: number): number {
  const told = Object.hasOwn(metadata, "duration") ? metadata["duration"] : undefined;
  if (typeof told === "number" && Number.isFinite(told) && told >= 0) return told;
  return Math.max(0, nowMs - detectedMs) / 1_000;
}

const ID_MAX_CHARS = 200;

/**
 * Reads a stored chain. All is looked at that a runner goes by: one that it would stumble over halfway
 * is none.
 *
 * @param value What was stored.
 * @returns The chain; null when it is none.
 */
export function decodeChain(value: unknown): RecoveryChain | null {
  if (!isObject(value)) return null;
  const chain = value as RecoveryChain;
  const isChain = isKeyText(chain.id, ID_MAX_CHARS) && isCause(chain.cause) &&
    Array.isArray(chain.steps) && chain.steps.every(isStep) &&
    Array.isArray(chain.outcomes) && chain.outcomes.every(isOutcome) &&
    chain.outcomes.length < chain.steps.length && isPosition(chain.at);
  return isChain ? deepFreeze(chain) : null;
}

function isCause(value: unknown): boolean {
  if (!isObject(value)) return false;
  const cause = value as ChainCause;
  return isEnumValue(RecoveryTrigger, cause.trigger) && typeof cause.type === "string" &&
    typeof cause.reason === "string" && isShare(cause.severity) && isShare(cause.confidence) &&
    isCount(cause.recurrenceCount) && isMoment(cause.detectedMs) && isObject(cause.metadata) &&
    typeof cause.node === "string" && typeof cause.force === "boolean" &&
    [cause.component, cause.actor, cause.requestId].every(isTextOrNull);
}

function isStep(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { action, condition, params, timeoutMs } = value as ChainStep;
  return typeof action === "string" && typeof condition === "string" && isObject(params) &&
    Number.isFinite(timeoutMs) && timeoutMs > 0;
}

function isOutcome(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { action, result, verified } = value as StepOutcome;
  return typeof action === "string" && isEnumValue(RecoveryResult, result) &&
    (verified === null || typeof verified === "boolean");
}

function isPosition(value: unknown): boolean {
  if (!isObject(value)) return false;
  const at = value as ChainPosition;
  switch (at.kind) {
    case "deciding":
      return isMoment(at.notBeforeMs);
    case "running":
      return isExecution(at.execution);
    case "verifying":
      return isExecution(at.execution) && isMoment(at.endedMs) && isTextOrNull(at.report) &&
        isCount(at.checks);
    default:
      at satisfies never;
      return false;
  }
}

function isExecution(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { id, decidedMs, term, escalated, inputs, attempt, interruptions } = value as Execution;
  return typeof id === "string" && isMoment(decidedMs) && (term === null || isCount(term)) &&
    typeof escalated === "boolean" && isInputs(inputs) && isCount(attempt) && attempt >= 1 &&
    isCount(interruptions);
}

function isInputs(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { context, facts } = value as StepInputs;
  return isObject(context) && isObject(facts) && isMoment(facts.at_ms) &&
    typeof facts.dry_run === "boolean";
}
