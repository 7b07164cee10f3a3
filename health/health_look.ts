import type { Clock } from "../clock.ts";
import { fitReason } from "../config/availability/feature_probe.ts";
import { messageOf } from "../config/availability/settle_probe.ts";
import { canonical } from "../enums/canonical.ts";
import { showValue } from "../enums/show_value.ts";
import { SystemStatus } from "../enums/system_status.ts";
import type { HealthCheck, HealthFinding } from "./checks/health_check.ts";
import type { Observation } from "./component_record.ts";

/** What a {@link HealthLook} looks at, and how long. */
export interface HealthLookOptions {
  /** Name of the component. */
  readonly name: string;
  readonly check: HealthCheck;
  readonly clock: Clock;
  /** How long one look may take, in ms. */
  readonly timeoutMs: number;
  /** From how long on a good look is a degraded one, in ms; Infinity for never. */
  readonly slowMs: number;
}

/** How a look ended; null for one that was called off. */
export type LookEnd = Observation | null;

/**
 * Looks at one component, each time under a deadline. A look that outlives its deadline is not
 * joined by a second one: until it ends, the component counts as failed without being looked at.
 */
export class HealthLook {
  #options: HealthLookOptions;
  #isBusy = false;
  #callOff: (() => void) | null = null;

  constructor(options: HealthLookOptions) {
    this.#options = options;
  }

  /** Whether its check runs: a look is under way, or one that missed its deadline has not ended yet. */
  get isBusy(): boolean {
    return this.#isBusy;
  }

  /** Changes how long looks may take; one that is under way keeps its deadline. */
  retime(times: Pick<HealthLookOptions, "timeoutMs" | "slowMs">): void {
    const { timeoutMs, slowMs } = times;
    this.#options = { ...this.#options, timeoutMs, slowMs };
  }

  /** Calls off the look under way; its check is told by the signal. */
  callOff(): void {
    this.#callOff?.();
  }

  /** @returns What it found; never rejects. Must not be called while a look is under way. */
  async look(): Promise<LookEnd> {
    const startedAtMs = this.#options.clock.monotonic();
    const finding = this.#isBusy
      ? failed("an earlier look has not ended yet")
      : await this.#lookInTime();
    if (finding === null) return null;
    return this.#observe(finding, this.#options.clock.monotonic() - startedAtMs);
  }

  #lookInTime(): Promise<HealthFinding | null> {
    const { clock, timeoutMs } = this.#options;
    const ending = new AbortController();
    this.#isBusy = true;
    return new Promise((resolve) => {
      const end = (finding: HealthFinding | null) => {
        cancel();
        this.#callOff = null;
        resolve(finding);
      };
      const cancel = clock.after(timeoutMs, () => {
        const message = `no answer within ${timeoutMs} ms`;
        end(failed(message));
        ending.abort(new DOMException(message, "TimeoutError"));
      });
      this.#callOff = () => {
        end(null);
        ending.abort(new DOMException("The look was called off", "AbortError"));
      };
      this.#ask(ending.signal).then((finding) => {
        this.#isBusy = false;
        if (!ending.signal.aborted) end(finding);
      });
    });
  }

  async #ask(signal: AbortSignal): Promise<HealthFinding> {
    try {
      return await this.#options.check.look({ signal, clock: this.#options.clock });
    } catch (error) {
      return failed(messageOf(error));
    }
  }

  #observe(finding: HealthFinding, latencyMs: number): Observation {
    const { name, slowMs } = this.#options;
    const observation = readFindingSafely(name, finding, latencyMs);
    if (observation.status !== SystemStatus.HEALTHY || latencyMs < slowMs) return observation;
    return { ...observation, status: SystemStatus.DEGRADED, message: `slow, from ${slowMs} ms on` };
  }
}

/**
 * Reads what a check or a reporter says about a component.
 *
 * @param name The component.
 * @param finding What it says: of anybody's code, so nothing is taken for granted.
 * @param latencyMs How long the look took, in ms.
 * @returns The observation; unknown when the status is none.
 */
export function readFinding(name: string, finding: HealthFinding, latencyMs: number): Observation {
  const status = canonical(SystemStatus, finding?.status);
  if (status === undefined) {
    const message = `no status: ${showValue(finding?.status)}; allowed are ` +
      Object.values(SystemStatus).join(", ");
    return {
      name,
      status: SystemStatus.UNKNOWN,
      message: fitReason(message),
      latencyMs,
      metadata: {},
    };
  }
  const message = finding.message ?? (status === SystemStatus.HEALTHY ? "ok" : "");
  return {
    name,
    status,
    message: fitReason(typeof message === "string" ? message : showValue(message)),
    latencyMs,
    metadata: figuresOf(finding.metadata),
  };
}

/** A finding that cannot even be read is one like a look that threw. */
function readFindingSafely(name: string, finding: HealthFinding, latencyMs: number): Observation {
  try {
    return readFinding(name, finding, latencyMs);
  } catch (error) {
    return readFinding(name, failed(messageOf(error)), latencyMs);
  }
}

/** @returns A copy of the figures; what is no finite number would be none in JSON either. */
function figuresOf(metadata: unknown): Readonly<Record<string, number>> {
  if (typeof metadata !== "object" || metadata === null) return {};
  return Object.fromEntries(Object.entries(metadata).filter(([, value]) => Number.isFinite(value)));
}

function failed(message: string): HealthFinding {
  return { status: SystemStatus.FAILED, message };
}
