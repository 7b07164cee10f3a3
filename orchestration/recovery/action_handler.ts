import type { Clock } from "../../clock.ts";
import type { RecoveryTrigger } from "../../enums/recovery_trigger.ts";

/** What a recovery action is told when it runs. */
export interface ActionContext {
  /** Name of the action. */
  readonly action: string;
  /** What the step, or who asked, gives the action; frozen. */
  readonly params: Readonly<Record<string, unknown>>;
  /**
   * Aborts when the action has taken too long, when leadership was lost, or when recovery stops. What
   * the action does after that, and what it returns, counts no more.
   */
  readonly signal: AbortSignal;
  /**
   * Fencing token of the term in which the action was decided, for stores and services that can
   * refuse what comes from an earlier leader; null outside a cluster, and for what each node does for
   * itself.
   */
  readonly fence: string | null;
  /** Identifies the decision: the same at each attempt, also after a change of leader. */
  readonly executionId: string;
  /** Which attempt at it, from 1; more than 1 after a failure, and after a leader that died in it. */
  readonly attempt: number;
  /** Whether the action must have no effect: always false, as handlers are not called in a dry run. */
  readonly dryRun: boolean;
  /** Time. */
  readonly clock: Clock;
  /** Why it runs, for people. */
  readonly reason: string;
  /** What it is about. */
  readonly cause: ActionCause;
}

/** What a recovery action is about. */
export interface ActionCause {
  /** What was acted upon. */
  readonly trigger: RecoveryTrigger;
  /** The type of the anomaly, the name of the threshold, or the action that was asked for. */
  readonly type: string;
  /** How severe it is, from 0 to 1. */
  readonly severity: number;
  /** How sure the detection is, from 0 to 1. */
  readonly confidence: number;
  /** How often it came back. */
  readonly recurrenceCount: number;
  /** How long it has lasted, in seconds. */
  readonly durationSeconds: number;
  /** What else was said about it. */
  readonly metadata: Readonly<Record<string, unknown>>;
}

/**
 * Does a recovery action. It throws when it fails, and should end soon after its signal aborts.
 *
 * @param context What it is told.
 * @returns Anything; a text is kept in the history as what the action reported.
 */
export type ActionHandler = (context: ActionContext) => unknown;

/**
 * Looks whether an action helped.
 *
 * @param context The action as it ran.
 * @returns Whether what was wrong is well again.
 */
export type ActionVerifier = (context: ActionContext) => boolean | Promise<boolean>;
