import type { Clock } from "../clock.ts";
import { ExitCode } from "./exit_codes.ts";

const EXIT_CODES = {
  SIGINT: ExitCode.INTERRUPTED,
  SIGTERM: ExitCode.TERMINATED,
  SIGHUP: ExitCode.HUNG_UP,
} as const;

/** A signal that asks a process to stop. */
export type StopSignal = keyof typeof EXIT_CODES;

/** What ends the waits of a command that was asked to stop. */
export class StoppedError extends Error {
  /** Tells this error from others. */
  override readonly name = "StoppedError";
  /** A stable code for programs. */
  readonly code = "STOPPED";
  /** The signal that asked. */
  readonly stopSignal: StopSignal;
  /** The exit code that tells of it. */
  readonly exitCode: number;

  /** @param stopSignal The signal that asked. */
  constructor(stopSignal: StopSignal) {
    super(`Stopped by ${stopSignal}`);
    this.stopSignal = stopSignal;
    this.exitCode = EXIT_CODES[stopSignal];
  }
}

/** Where signals come from. */
export interface SignalSource {
  readonly addSignalListener: (signal: StopSignal, listener: () => void) => void;
  readonly removeSignalListener: (signal: StopSignal, listener: () => void) => void;
}

/** Options of {@link StopSignals}. */
export interface StopSignalsOptions {
  readonly clock: Clock;
  /** Is told of each signal but the first. */
  readonly onRepeat: (stopped: StoppedError) => void;
  /**
   * Is told of the first signal.
   *
   * @default nobody
   */
  readonly onFirst?: (stopped: StoppedError) => void;
  /**
   * Where signals come from.
   *
   * @default Deno
   */
  readonly source?: SignalSource;
}

/** Ctrl-C under `deno task` arrives twice: from the terminal, and passed on by the task 1 ms later. */
const SAME_PRESS_MS = 250;

/**
 * Listens for the signals that ask this process to stop. The first aborts {@link StopSignals.signal};
 * each later one is told to whoever wants to hurry. The same signal within 250 ms counts once.
 */
export class StopSignals implements Disposable {
  readonly #options: StopSignalsOptions;
  readonly #source: SignalSource;
  readonly #first = new AbortController();
  readonly #listeners: readonly (readonly [StopSignal, () => void])[];
  #last: { readonly stopSignal: StopSignal; readonly atMs: number } | undefined;

  /** @param options Who is told. */
  constructor(options: StopSignalsOptions) {
    this.#options = options;
    this.#source = options.source ?? Deno;
    // Windows knows no SIGTERM.
    const signals: readonly StopSignal[] = Deno.build.os === "windows"
      ? ["SIGINT"]
      : ["SIGINT", "SIGTERM", "SIGHUP"];
    this.#listeners = signals.map((each) => [each, () => this.#receive(each)]);
    for (const [each, listener] of this.#listeners) this.#source.addSignalListener(each, listener);
  }

  /** Aborts with a {@link StoppedError} when the process is asked to stop. */
  get signal(): AbortSignal {
    return this.#first.signal;
  }

  /** What asked this process to stop; undefined when nothing has. */
  get stopped(): StoppedError | undefined {
    return this.#first.signal.aborted ? this.#first.signal.reason as StoppedError : undefined;
  }

  /** Stops listening. */
  [Symbol.dispose](): void {
    for (const [each, listener] of this.#listeners) {
      this.#source.removeSignalListener(each, listener);
    }
  }

  #receive(stopSignal: StopSignal): void {
    const atMs = this.#options.clock.monotonic();
    const last = this.#last;
    this.#last = { stopSignal, atMs };
    if (last?.stopSignal === stopSignal && atMs - last.atMs < SAME_PRESS_MS) return;
    const stopped = new StoppedError(stopSignal);
    if (this.#first.signal.aborted) {
      this.#options.onRepeat(stopped);
      return;
    }
    this.#first.abort(stopped);
    this.#options.onFirst?.(stopped);
  }
}
