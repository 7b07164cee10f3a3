import type { Clock } from "../clock.ts";
import { SystemStatus } from "../enums/system_status.ts";
import { type Observation, round } from "./component_record.ts";

/**
 * Asks one thing this process depends on for a sign of life. Resolves when it is well, rejects when
 * it is not; should give up when the signal aborts.
 */
export type Probe = (signal: AbortSignal) => Promise<void>;

/** How a probe ended. */
export interface ProbeResult {
  readonly name: string;
  readonly latencyMs: number;
  /** Why it failed; null when it succeeded. */
  readonly failure: string | null;
}

/** Options of {@link ProbeRunner}. */
export interface ProbeRunnerOptions {
  readonly clock: Clock;
  /** How long each probe may take, in ms. */
  readonly timeoutMs: number;
}

const MESSAGE_MAX_CHARS = 200;

/**
 * Runs one probe, each time under a deadline. A run that outlives its deadline is not joined by a
 * second one: until it ends, the probe counts as failed without being asked again.
 */
export class ProbeRunner {
  /** The probe's name. */
  readonly name: string;
  readonly #probe: Probe;
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  #pending = false;

  constructor(name: string, probe: Probe, options: ProbeRunnerOptions) {
    this.name = name;
    this.#probe = probe;
    this.#clock = options.clock;
    this.#timeoutMs = options.timeoutMs;
  }

  /** @returns How it ended; never rejects. */
  async run(): Promise<ProbeResult> {
    const startedAtMs = this.#clock.monotonic();
    const failure = this.#pending
      ? "an earlier run has not ended yet"
      : await this.#runOnce().then(() => null, describeFailure);
    return { name: this.name, latencyMs: this.#clock.monotonic() - startedAtMs, failure };
  }

  async #runOnce(): Promise<void> {
    const timer = new AbortController();
    const probe = new AbortController();
    const deadline = this.#clock.sleep(this.#timeoutMs, { signal: timer.signal }).then(() => {
      const late = new Error(`no answer within ${this.#timeoutMs} ms`);
      probe.abort(late);
      throw late;
    });
    this.#pending = true;
    const answer = this.#ask(probe.signal).finally(() => this.#pending = false);
    try {
      await Promise.race([answer, deadline]);
    } finally {
      timer.abort();
    }
  }

  async #ask(signal: AbortSignal): Promise<void> {
    await this.#probe(signal);
  }
}

/** @returns The probe as a component: failed, slow from a latency in ms, or well. */
export function judgeProbe(result: ProbeResult, warningMs: number): Observation {
  const { name, latencyMs, failure } = result;
  const slow = latencyMs >= warningMs;
  return {
    name,
    status: failure !== null
      ? SystemStatus.FAILED
      : slow
      ? SystemStatus.DEGRADED
      : SystemStatus.HEALTHY,
    message: failure ?? (slow ? `slow, warning from ${warningMs} ms` : "ok"),
    latencyMs,
    metadata: { [`${name}_latency_ms`]: round(latencyMs) },
  };
}

function describeFailure(error: unknown): string {
  const text = error instanceof Error ? error.message || error.name : String(error);
  return text.slice(0, MESSAGE_MAX_CHARS);
}
