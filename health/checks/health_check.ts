import type { Clock } from "../../clock.ts";

/** What a look at a component found. */
export interface HealthFinding {
  /** A `SystemStatus`, in any letter case; any other text makes the component unknown. */
  readonly status: string;
  /**
   * For people: the figures, or what is wrong.
   *
   * @default "ok" for a healthy component, else ""
   */
  readonly message?: string;
  /**
   * The figures, by name.
   *
   * @default {}
   */
  readonly metadata?: Readonly<Record<string, number>>;
}

/** What a check gets to work with. */
export interface HealthCheckContext {
  /** Aborts when the deadline has passed or the monitor stops: nobody waits any more. */
  readonly signal: AbortSignal;
  /** Time. */
  readonly clock: Clock;
}

/** A resource of the machine whose state the health document sums up. */
export type ResourceKind = "cpu" | "memory" | "disk";

/**
 * Looks at one component. A check asks for the state of a permission before it uses it, so that
 * nobody is prompted, and answers `UNKNOWN` with the flag when it is missing.
 */
export interface HealthCheck {
  /**
   * Looks once. Whatever it throws makes the look a failed one.
   *
   * @param context The signal to give up at, and time.
   * @returns What it found.
   */
  look(context: HealthCheckContext): HealthFinding | Promise<HealthFinding>;
  /**
   * Begins what must go on between looks; called when the monitor starts to run, which ends with what
   * this throws.
   *
   * @param clock Time.
   */
  start?(clock: Clock): void;
  /**
   * Ends what `start` began. It has as long as a look; nobody waits for more.
   *
   * @returns When nothing of it is left.
   */
  stop?(): Promise<void>;
  /** The resource that it looks at, for checks of a machine. */
  readonly resource?: ResourceKind;
}
