import { StoreUnavailableError } from "../../coordination/errors.ts";
import { ActionScope } from "../../enums/action_scope.ts";
import { RecoveryResult } from "../../enums/recovery_result.ts";
import { RecoveryTrigger } from "../../enums/recovery_trigger.ts";
import type { ActionContext, ActionHandler } from "./action_handler.ts";
import { actionContextOf, type ActionEnding, entryOf } from "./chain_entry.ts";
import { unlistedAction } from "./compile_rules.ts";
import type { ChainDecision } from "./decide_chain.ts";
import { stormOf } from "./gate.ts";
import { type LaneDraft, shortened } from "./lane_draft.ts";
import { LaneMovedError, LaneOverError } from "./lane_errors.ts";
import {
  countName,
  noteEnd,
  noteRecovery,
  noteRefusal,
  noteStep,
  stepFailures,
} from "./ledger_notes.ts";
import type { RecoveryActionDict } from "./recovery_action_dict.ts";
import {
  currentStep,
  type Execution,
  isOver,
  isSamePlace,
  type RecoveryChain,
  stepIndex,
  type StepOutcome,
  withOutcome,
} from "./recovery_chain.ts";
import type { RecoveryEnvironment } from "./recovery_environment.ts";
import type { RecoveryLane } from "./recovery_lane.ts";
import { runOnNode } from "./run_on_node.ts";
import type { ActionRules } from "./recovery_rules.ts";
import type { EntryNews } from "./recovery_telemetry.ts";
import type { StepInputs } from "./step_inputs.ts";

/** Options of {@link ChainDesk}. */
export interface ChainDeskOptions {
  /** Where the chains stand. */
  readonly lane: RecoveryLane;
  /** What recovery works with. */
  readonly environment: RecoveryEnvironment;
  /** Told of each entry of the history, once it is stored. */
  readonly recorded: (entry: RecoveryActionDict) => void;
}

/** Changes a lane. May be called again when it is not known what became of the change. */
export type ChainChange = (draft: LaneDraft) => void | Promise<void>;

const STORE_PAUSE_MS = 1_000;

/** Puts on record how chains move, and tells of it afterwards. */
export class ChainDesk {
  readonly #options: ChainDeskOptions;

  /** @param options The chains. */
  constructor(options: ChainDeskOptions) {
    this.#options = options;
  }

  /** @returns What holds for an action; where it runs as whoever does it says. */
  actionRules(name: string): ActionRules {
    const { rules, registry } = this.#options.environment;
    const listed = rules().actions.get(name) ?? unlistedAction(name);
    const scope = registry.get(name)?.scope;
    return scope ? { ...listed, scope } : listed;
  }

  /** @returns How long one attempt at an action may take where no step says so, in ms. */
  timeoutMsOf(action: string): number {
    return this.actionRules(action).timeoutMs * this.#options.environment.rules().timeoutMultiplier;
  }

  /**
   * Finds what does the action of a chain's current step. An action that is about a node runs on the
   * node that told of the anomaly, also when the leader decides.
   *
   * @returns The handler; undefined when nothing does it here.
   */
  handlerOf(chain: RecoveryChain, execution: Execution): ActionHandler | undefined {
    const { lane, environment: { registry, storage, clock } } = this.#options;
    const { action } = currentStep(chain);
    const { node, force, trigger } = chain.cause;
    const isElsewhere = lane.term !== null && node !== lane.node &&
      trigger === RecoveryTrigger.ANOMALY && this.actionRules(action).scope === ActionScope.NODE;
    if (!isElsewhere) return registry.get(action)?.run;
    const requestId = `${execution.id}:${execution.attempt - execution.interruptions}`;
    const asked = { storage, node, leader: lane.node, requestId, force, clock };
    return (context) => runOnNode(context, asked);
  }

  /** @returns What the action of a chain's current step is told. */
  contextOf(chain: RecoveryChain, execution: Execution, signal: AbortSignal): ActionContext {
    const { lane, environment: { clock } } = this.#options;
    const fence = lane.term?.fence ?? null;
    return actionContextOf(chain, execution, { fence, signal, clock, nowMs: lane.now() });
  }

  /**
   * Waits; at once when the time is over.
   *
   * @throws {LaneOverError} when the work in the lane ends.
   */
  async sleep(ms: number): Promise<void> {
    const { lane: { signal, name }, environment: { clock } } = this.#options;
    if (ms > 0) await clock.sleep(ms, { signal }).catch(() => {});
    if (signal.aborted) throw new LaneOverError(name);
  }

  /**
   * Asks once a second until the storage answers.
   *
   * @throws {LaneOverError} when the work in the lane ends.
   */
  async untilAnswered<T>(ask: () => Promise<T>): Promise<T> {
    while (true) {
      try {
        return await ask();
      } catch (error) {
        if (!(error instanceof StoreUnavailableError)) throw error;
        this.#options.lane.noteAway(error);
        await this.sleep(STORE_PAUSE_MS);
      }
    }
  }

  /**
   * Changes the lane if the chain still stands where it stood, however often that has to be asked.
   * The chain has moved on when this is over: by the last change that was made, whose answer may have
   * been lost, or by none if nothing was changed.
   *
   * @throws {LaneOverError} when the work in the lane ends.
   * @throws {RangeError} when no storage takes that much: nothing was changed.
   */
  async apply(chain: RecoveryChain, change: ChainChange): Promise<void> {
    const attempt = () =>
      this.#options.lane.transact(async (draft) => {
        const current = draft.chain(chain.id);
        if (current !== undefined && isSamePlace(current, chain)) await change(draft);
      });
    while (true) {
      try {
        return await this.untilAnswered(attempt);
      } catch (error) {
        if (!(error instanceof LaneMovedError)) throw error;
      }
    }
  }

  /**
   * Changes the lane as {@link ChainDesk.apply} does, for who has something shorter to store.
   *
   * @returns Whether a storage takes that much; if not, nothing was changed.
   * @throws {LaneOverError} when the work in the lane ends.
   */
  async applyIfItFits(chain: RecoveryChain, change: ChainChange): Promise<boolean> {
    try {
      await this.apply(chain, change);
      return true;
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.#options.environment.telemetry.fault(`chain ${chain.id}`, error);
      return false;
    }
  }

  /** Puts on record that the current step is not taken, and goes on to the next. */
  async refuse(chain: RecoveryChain, { decision, inputs }: ChainDecision): Promise<void> {
    if (decision.kind !== "refuse") return;
    const { lane, environment } = this.#options;
    const { result, reason: error, escalated } = decision;
    const isOnce = chain.cause.trigger === RecoveryTrigger.MANUAL_TRIGGER;
    const ending = { result, error, decidedMs: inputs.facts.at_ms, attempts: 0 };
    const decided = { id: crypto.randomUUID(), escalated, inputs, term: lane.term?.term ?? null };
    const entry = entryOf(chain, decided, ending, lane);
    let stored: RecoveryActionDict | null = null;
    await this.apply(chain, async (draft) => {
      noteRefusal(draft.ledger, result);
      const { limits, history } = environment.rules();
      // What is refused in the pause after a storm does not begin that anew.
      const isStorm = result === RecoveryResult.SKIPPED_STORM &&
        stormOf(inputs.facts, limits) !== null;
      if (isStorm) draft.ledger.stormSeenMs = draft.nowMs;
      stored = await draft.recordRefusal(entry, { ...history, isOnce });
      this.#advance(draft, chain, { result, verified: null });
    });
    if (stored !== null) this.#tell(stored);
  }

  /** Puts on record how an action that ran ended: the one place for that, good or bad. */
  async finish(chain: RecoveryChain, execution: Execution, ending: ActionEnding): Promise<void> {
    const { lane, environment } = this.#options;
    const rules = environment.rules();
    const isSuccess = ending.error === null;
    const { decidedMs, attempt: attempts } = execution;
    const result = isSuccess ? RecoveryResult.SUCCESS : RecoveryResult.FAILED;
    const stepEnding = { result, error: ending.error, decidedMs, attempts, ending };
    const entry = entryOf(chain, execution, stepEnding, lane);
    let news: EntryNews | undefined;
    let stored: RecoveryActionDict | null = null;
    const put = (written: typeof entry): ChainChange => (draft) => {
      const { action } = currentStep(chain);
      const isFutile = ending.verified === false;
      const end = { action, nowMs: draft.nowMs, isSuccess, isFutile };
      const isFrozen = noteEnd(draft.ledger, end, rules);
      stored = draft.record(written, rules.history);
      news = { isFrozen, ...this.#noteConsequences(draft, chain, ending) };
      this.#advance(draft, chain, { result, verified: ending.verified });
    };
    // An action that ran must not run again because there is too much to say of it.
    if (!await this.applyIfItFits(chain, put(entry))) {
      await this.apply(chain, put(shortened(entry)));
    }
    if (stored !== null) this.#tell(stored, news);
  }

  /** Puts on record that a chain ends before its current step, which no storage takes. */
  async abandon(chain: RecoveryChain, inputs: StepInputs, error: string): Promise<void> {
    const { lane, environment } = this.#options;
    const result = RecoveryResult.FAILED;
    const ending = { result, error, decidedMs: inputs.facts.at_ms, attempts: 0 };
    const term = lane.term?.term ?? null;
    const decided = { id: crypto.randomUUID(), escalated: false, inputs, term };
    const entry = shortened(entryOf(chain, decided, ending, lane));
    let stored: RecoveryActionDict | null = null;
    await this.apply(chain, (draft) => {
      noteRefusal(draft.ledger, result);
      stored = draft.record(entry, environment.rules().history);
      draft.dropChain(chain);
      this.#noteOver(draft, chain);
    });
    if (stored !== null) this.#tell(stored);
  }

  #noteConsequences(
    { ledger, nowMs }: LaneDraft,
    chain: RecoveryChain,
    { error, verified }: ActionEnding,
  ): Omit<EntryNews, "isFrozen"> {
    const { type, detectedMs } = chain.cause;
    const step = stepIndex(chain);
    const { threshold } = this.#options.environment.rules().escalation;
    noteStep(ledger, type, step, error !== null);
    const isRepeatedFailure = stepFailures(ledger, type, step) === threshold;
    const isRecovery = verified === true && !chain.outcomes.some((each) => each.verified);
    if (!isRecovery) return { isRepeatedFailure, recoverySeconds: null };
    noteRecovery(ledger, detectedMs, nowMs);
    ledger.episodes.delete(type);
    return { isRepeatedFailure, recoverySeconds: (nowMs - detectedMs) / 1_000 };
  }

  #advance(draft: LaneDraft, chain: RecoveryChain, outcome: Omit<StepOutcome, "action">): void {
    const { stepDelayMs } = this.#options.environment.rules();
    const next = withOutcome(chain, outcome, draft.nowMs + stepDelayMs);
    draft.putChain(next);
    if (isOver(next)) this.#noteOver(draft, chain);
  }

  #noteOver({ ledger }: LaneDraft, { cause: { trigger, type } }: RecoveryChain): void {
    if (trigger === RecoveryTrigger.ANOMALY) countName(ledger.byAnomaly, type);
  }

  #tell(entry: RecoveryActionDict, news?: EntryNews): void {
    this.#options.recorded(entry);
    this.#options.environment.telemetry.entry(entry, news);
  }
}
