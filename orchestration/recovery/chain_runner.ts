import { StoreUnavailableError } from "../../coordination/errors.ts";
import { RecoveryTrigger } from "../../enums/recovery_trigger.ts";
import { retryBackoff, retryDelayMs } from "../../health/retry_delay.ts";
import { type AcquireOptions, type ActionSlots, turnPriority } from "./action_slots.ts";
import { type ActionEnding, reasonOf } from "./chain_entry.ts";
import type { ChainDesk } from "./chain_desk.ts";
import { ChainVerifier, type Verifying } from "./chain_verifier.ts";
import { type ChainDecision, decideChain } from "./decide_chain.ts";
import { gatherFacts, type OutsideFacts } from "./gather_facts.ts";
import type { LaneDraft } from "./lane_draft.ts";
import { LaneMovedError, LaneOverError } from "./lane_errors.ts";
import { noteRest, noteRun } from "./ledger_notes.ts";
import { currentStep, type Execution, isAttemptAt, type RecoveryChain } from "./recovery_chain.ts";
import type { RecoveryEnvironment } from "./recovery_environment.ts";
import type { RecoveryLane } from "./recovery_lane.ts";
import { recoveryLogger } from "./recovery_logger.ts";
import { type AttemptOutcome, runAttempt } from "./run_attempt.ts";

/** Options of {@link ChainRunner}. */
export interface ChainRunnerOptions {
  /** Where the chains stand. */
  readonly lane: RecoveryLane;
  /** What recovery works with. */
  readonly environment: RecoveryEnvironment;
  /** The turns of actions. */
  readonly slots: ActionSlots;
  /** Puts on record how chains move. */
  readonly desk: ChainDesk;
}

/** When so many attempts of one decision died with their process, it counts as failed. */
const INTERRUPTIONS_MAX = 3;
const REPORT_MAX_CHARS = 1_000;
const STORE_PAUSE_MS = 1_000;
const FAULT_PAUSE_MS = 30_000;
const RETRY_BACKOFF = retryBackoff({ baseDelayMs: 1_000, maxDelayMs: 60_000 });
const UNSEEN = { report: null, verified: null, checks: 0 } as const;

/**
 * Takes chains from where they stand to their ends. Each move is stored before its effect: a process
 * that dies is followed by one that goes on at the same step, with the same decision.
 */
export class ChainRunner {
  readonly #lane: RecoveryLane;
  readonly #environment: RecoveryEnvironment;
  readonly #slots: ActionSlots;
  readonly #desk: ChainDesk;
  readonly #verifier: ChainVerifier;

  /** @param options The chains, and what they need. */
  constructor({ lane, environment, slots, desk }: ChainRunnerOptions) {
    this.#lane = lane;
    this.#environment = environment;
    this.#slots = slots;
    this.#desk = desk;
    this.#verifier = new ChainVerifier({ lane, environment, desk });
  }

  /**
   * Runs a chain to its end, or to the end of the work in its lane.
   *
   * @param id The chain.
   */
  async run(id: string): Promise<void> {
    for (let chain = this.#lane.chains.get(id); chain; chain = this.#lane.chains.get(id)) {
      try {
        await this.#moveOrGiveUp(chain);
      } catch (error) {
        if (error instanceof LaneOverError || this.#lane.signal.aborted) return;
        if (error instanceof LaneMovedError) continue;
        // A chain that nobody takes on would block its kind of anomaly for ever: try again, visibly.
        const isStorage = error instanceof StoreUnavailableError;
        if (isStorage) this.#lane.noteAway(error);
        else this.#environment.telemetry.fault(`chain ${id}`, error);
        const { signal } = this.#lane;
        const pauseMs = isStorage ? STORE_PAUSE_MS : FAULT_PAUSE_MS;
        await this.#environment.clock.sleep(pauseMs, { signal }).catch(() => {});
      }
    }
  }

  /** What no storage takes now none takes later: trying that again would never end. */
  async #moveOrGiveUp(chain: RecoveryChain): Promise<void> {
    try {
      await this.#move(chain);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.#environment.telemetry.fault(`chain ${chain.id}`, error);
      const current = this.#lane.chains.get(chain.id);
      if (current) await this.#giveUp(current, `cannot be stored: ${error.message}`);
    }
  }

  async #giveUp(chain: RecoveryChain, error: string): Promise<void> {
    if (chain.at.kind !== "deciding") return await this.#fail(chain, chain.at.execution, error);
    const { ledger } = this.#lane;
    const outside = await this.#desk.untilAnswered(() => this.#outside());
    const { inputs } = this.#decideBy(chain, { ledger, outside, place: 0 });
    await this.#desk.abandon(chain, inputs, error);
  }

  async #move(chain: RecoveryChain): Promise<void> {
    switch (chain.at.kind) {
      case "deciding":
        return await this.#decide(chain, chain.at.notBeforeMs);
      case "running":
        return await this.#resume(chain, chain.at.execution);
      case "verifying":
        return await this.#verifier.verify(chain, chain.at);
      default:
        return chain.at satisfies never;
    }
  }

  // Deciding

  async #decide(chain: RecoveryChain, notBeforeMs: number): Promise<void> {
    await this.#desk.sleep(notBeforeMs - this.#lane.now());
    const { action } = currentStep(chain);
    const outside = await this.#outside();
    const place = this.#slots.placeOf(action); // nobody may come in between this and the wait
    const { ledger } = this.#lane;
    const preview = this.#decideBy(chain, { ledger, outside, place });
    if (preview.decision.kind === "refuse") return await this.#desk.refuse(chain, preview);
    const release = await this.#slots.acquire(action, this.#turnOf(chain));
    try {
      const execution = await this.#begin(chain);
      if (execution !== null) await this.#perform(chain, execution);
    } finally {
      release();
    }
  }

  #turnOf({ cause }: RecoveryChain): AcquireOptions {
    return { signal: this.#lane.signal, priority: turnPriority(cause) };
  }

  /** Decides once more, now that it is the action's turn, and stores what was decided. */
  async #begin(chain: RecoveryChain): Promise<Execution | null> {
    const outside = await this.#outside();
    const id = crypto.randomUUID();
    let decided: ChainDecision | undefined;
    await this.#desk.apply(chain, (draft) => {
      decided = this.#decideBy(chain, { ledger: draft.ledger, outside, place: 0 });
      if (decided.decision.kind === "run") this.#putDecision(draft, chain, id, decided);
    });
    if (decided?.decision.kind === "refuse") await this.#desk.refuse(chain, decided);
    const at = this.#lane.chains.get(chain.id)?.at;
    return at?.kind === "running" && at.execution.id === id ? at.execution : null;
  }

  #putDecision(
    draft: LaneDraft,
    chain: RecoveryChain,
    id: string,
    { decision: { escalated }, inputs }: ChainDecision,
  ): void {
    const execution: Execution = {
      id,
      decidedMs: draft.nowMs,
      term: this.#lane.term?.term ?? null,
      escalated,
      inputs,
      attempt: 1,
      interruptions: 0,
    };
    noteRun(draft.ledger, currentStep(chain).action, draft.nowMs);
    draft.putChain({ ...chain, at: { kind: "running", execution } });
  }

  #decideBy(
    chain: RecoveryChain,
    situation: Pick<Parameters<typeof decideChain>[1], "ledger" | "outside" | "place">,
  ): ChainDecision {
    const action = this.#desk.actionRules(currentStep(chain).action);
    const nowMs = this.#lane.now();
    return decideChain(chain, { ...situation, action, nowMs }, this.#environment);
  }

  async #outside(): Promise<OutsideFacts> {
    const isLeader = this.#lane.term !== null;
    return await gatherFacts(this.#environment, { isLeader, nowMs: this.#lane.now() });
  }

  // Running

  /** The process that ran it died, or its answer about the decision was lost: once more. */
  async #resume(chain: RecoveryChain, execution: Execution): Promise<void> {
    const release = await this.#slots.acquire(currentStep(chain).action, this.#turnOf(chain));
    try {
      const again: Execution = {
        ...execution,
        attempt: execution.attempt + 1,
        interruptions: execution.interruptions + 1,
      };
      if (again.interruptions >= INTERRUPTIONS_MAX) {
        const error = `interrupted ${again.interruptions} times`;
        return await this.#fail(chain, execution, error);
      }
      const hindrance = this.#hindrance(chain, await this.#outside());
      if (hindrance !== null) {
        return await this.#fail(chain, execution, `interrupted, and not run again: ${hindrance}`);
      }
      await this.#desk.apply(chain, (draft) => {
        draft.ledger.counters.interrupted++;
        draft.putChain({ ...chain, at: { kind: "running", execution: again } });
      });
      const moved = this.#lane.chains.get(chain.id);
      if (moved && isAttemptAt(moved, again)) await this.#perform(moved, again);
    } finally {
      release();
    }
  }

  /** What people switched off since an action was decided does not run once more. */
  #hindrance(chain: RecoveryChain, { pause }: OutsideFacts): string | null {
    const { rules, isDryRun } = this.#environment;
    const { enabled } = this.#desk.actionRules(currentStep(chain).action);
    if (!rules().enabled || !enabled) return "it is switched off";
    if (isDryRun()) return "it is a dry run now";
    const isManual = chain.cause.trigger === RecoveryTrigger.MANUAL_TRIGGER;
    return pause === null || isManual ? null : `paused: ${pause}`;
  }

  /** Makes attempts until one succeeds, or there are no more. */
  async #perform(decided: RecoveryChain, first: Execution): Promise<void> {
    let execution = first;
    let chain: RecoveryChain = { ...decided, at: { kind: "running", execution } };
    const { maxRetries } = this.#desk.actionRules(currentStep(chain).action);
    while (true) {
      const outcome = await this.#attempt(chain, execution);
      if (outcome.kind === "stopped") throw new LaneOverError(this.#lane.name);
      if (outcome.kind === "done") return await this.#done(chain, execution, outcome.value);
      const isLast = execution.attempt - execution.interruptions > maxRetries;
      if (isLast) return await this.#fail(chain, execution, outcome.error);
      await this.#desk.sleep(this.#retryPauseMs(execution));
      const outside = await this.#desk.untilAnswered(() => this.#outside());
      const hindrance = this.#hindrance(chain, outside);
      if (hindrance !== null) {
        const error = `not tried again: ${hindrance}; it failed: ${outcome.error}`;
        return await this.#fail(chain, execution, error);
      }
      execution = { ...execution, attempt: execution.attempt + 1 };
      const moved: RecoveryChain = { ...chain, at: { kind: "running", execution } };
      await this.#desk.apply(chain, (draft) => draft.putChain(moved));
      const current = this.#lane.chains.get(chain.id);
      if (current === undefined || !isAttemptAt(current, execution)) return;
      chain = moved;
    }
  }

  async #attempt(chain: RecoveryChain, execution: Execution): Promise<AttemptOutcome> {
    const { clock, telemetry } = this.#environment;
    const { action, timeoutMs } = currentStep(chain);
    const run = this.#desk.handlerOf(chain, execution);
    this.#lane.checkGoesOn();
    const told = { action, attempt: execution.attempt, reason: reasonOf(chain) };
    recoveryLogger.info("Running {action}, attempt {attempt}: {reason}", told);
    return await runAttempt((signal) => {
      if (run === undefined) throw new Error(`nothing does ${action} any more`);
      return run(this.#desk.contextOf(chain, execution, signal));
    }, {
      timeoutMs,
      signal: this.#lane.signal,
      clock,
      late: () => telemetry.fault(action, new Error("it came to an end after it was given up")),
    });
  }

  #retryPauseMs({ attempt, interruptions }: Execution): number {
    const failures = attempt - interruptions;
    const chance = this.#environment.random();
    return retryDelayMs(RETRY_BACKOFF, { failures, previousMs: 0, chance });
  }

  async #fail(chain: RecoveryChain, execution: Execution, error: string): Promise<void> {
    await this.#desk.finish(chain, execution, { ...UNSEEN, error, endedMs: this.#lane.now() });
  }

  /** The action ran well. Whether it helped is looked at without keeping others from their turn. */
  async #done(chain: RecoveryChain, execution: Execution, value: unknown): Promise<void> {
    const endedMs = this.#lane.now();
    const report = typeof value === "string" ? value.slice(0, REPORT_MAX_CHARS) : null;
    const at: Verifying = { kind: "verifying", execution, endedMs, report, checks: 0 };
    const isLookedAt = this.#verifier.wayOf(chain) !== null &&
      (await this.#rest(chain, at) || await this.#rest(chain, { ...at, report: null }));
    if (isLookedAt) return;
    const ending: ActionEnding = { ...UNSEEN, error: null, endedMs, report };
    await this.#desk.finish(chain, execution, ending);
  }

  /** @returns Whether a storage takes that much. */
  async #rest(chain: RecoveryChain, at: Verifying): Promise<boolean> {
    return await this.#desk.applyIfItFits(chain, (draft) => {
      noteRest(draft.ledger, currentStep(chain).action, at.endedMs);
      draft.putChain({ ...chain, at });
    });
  }
}
