import type { Clock } from "../../clock.ts";
import type { JsonValue } from "../../enums/records/json_value.ts";
import type { AgentWork } from "./agent_work.ts";
import { plainData } from "./plain_data.ts";
import type { ReleasePermit } from "./user_permits.ts";

/** How an agent's run ended. */
export type RunEnding =
  | {
    /** It ended well. */
    readonly kind: "completed";
    /** What the agent returned. */
    readonly value: JsonValue;
  }
  | {
    /** The agent threw, or returned what is no plain data. */
    readonly kind: "failed";
    /** What was thrown. */
    readonly error: unknown;
  }
  | {
    /** It took too long. */
    readonly kind: "timed_out";
  }
  | {
    /** It was called off. */
    readonly kind: "cancelled";
    /** Why. */
    readonly reason: unknown;
  }
  | {
    /** It waited too long for its turn, and the agent was not run. */
    readonly kind: "refused";
    /** What says so. */
    readonly error: unknown;
  };

/** What an {@link AgentRun} is made of. */
export interface AgentRunParts {
  /** How long the agent may take, in ms. */
  readonly timeoutMs: number;
  /** The passage of time. */
  readonly clock: Clock;
  /** Sets the agent to work. */
  readonly work: (signal: AbortSignal) => AgentWork;
  /** Does something in the context of the run's user. */
  readonly inContext: (run: () => void) => void;
  /** Told how the run ended: once, and at once. It must not throw. */
  readonly onEnd: (ending: RunEnding) => void;
  /** Told when work goes on although its run has ended; the promise ends with the work. */
  readonly onAbandoned: (answer: Promise<unknown>) => void;
}

/**
 * One call of an agent, from its acceptance to its end. It ends exactly once, by whatever comes first:
 * an answer, a failure, the time, or a call to stop. Then the permit is let go of, timers and listeners
 * are gone, and the signal has aborted.
 *
 * Not guaranteed: that the agent's code is at rest then. In this thread nothing can end it but itself.
 */
export class AgentRun {
  readonly #parts: AgentRunParts;
  readonly #controller = new AbortController();
  #release: ReleasePermit | undefined;
  #cancelTimer: (() => void) | undefined;
  #unwatch: (() => void) | undefined;
  #work: AgentWork | undefined;
  #isSettled = false;
  #isOver = false;

  /**
   * Makes a run that waits for its turn.
   *
   * @param parts What to do, and for how long.
   */
  constructor(parts: AgentRunParts) {
    this.#parts = parts;
  }

  /** Aborts when the run ends. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /**
   * Lets a signal call the run off.
   *
   * @param signal The signal; it may have aborted.
   */
  watch(signal: AbortSignal): void {
    if (this.#isOver) return;
    const stop = () => this.cancel(signal.reason);
    if (signal.aborted) return stop();
    signal.addEventListener("abort", stop, { once: true });
    this.#unwatch = () => signal.removeEventListener("abort", stop);
  }

  /**
   * Calls the run off.
   *
   * @param reason Why; the reason of the run's signal.
   */
  cancel(reason: unknown): void {
    this.#finish({ kind: "cancelled", reason });
  }

  /**
   * Ends the run before it had its turn.
   *
   * @param error Why.
   */
  refuse(error: unknown): void {
    this.#finish({ kind: "refused", error });
  }

  /**
   * Sets the agent to work, now that it is its turn.
   *
   * @param release Lets go of the permit, when the run has ended.
   */
  begin(release: ReleasePermit): void {
    if (this.#isOver) return release();
    this.#release = release;
    const { clock, timeoutMs } = this.#parts;
    this.#cancelTimer = clock.after(timeoutMs, () => this.#finish({ kind: "timed_out" }));
    try {
      const work = this.#parts.work(this.signal);
      this.#work = work;
      work.answer.then(
        (value) => this.#settle(() => ({ kind: "completed", value: plainData("result", value) })),
        (error) => this.#settle(() => ({ kind: "failed", error })),
      );
      // What the agent did before it returned may have ended its own run.
      if (this.#isOver) this.#abandon();
    } catch (error) {
      this.#finish({ kind: "failed", error });
    }
  }

  #settle(endingOf: () => RunEnding): void {
    this.#isSettled = true;
    if (this.#isOver) return;
    try {
      this.#finish(endingOf());
    } catch (error) {
      this.#finish({ kind: "failed", error });
    }
  }

  #finish(ending: RunEnding): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#cancelTimer?.();
    this.#unwatch?.();
    // Who listens works for the run's user, whoever ended it.
    this.#parts.inContext(() => this.#controller.abort(reasonOf(ending)));
    this.#abandon();
    this.#release?.();
    this.#parts.onEnd(ending);
  }

  #abandon(): void {
    const work = this.#work;
    if (work === undefined || this.#isSettled || work.endsOnAbort) return;
    this.#parts.onAbandoned(work.answer);
  }
}

/** One for all runs: making one costs more than the rest of an ordinary end. */
const RUN_ENDED = Object.freeze(new DOMException("The agent's run has ended", "AbortError"));

function reasonOf(ending: RunEnding): unknown {
  switch (ending.kind) {
    case "timed_out":
      return new DOMException("The agent took too long", "TimeoutError");
    case "cancelled":
      return ending.reason;
    case "completed":
    case "failed":
    case "refused":
      return RUN_ENDED;
    default:
      return ending satisfies never;
  }
}
