import type { HealthCheck } from "./checks/health_check.ts";

/** A component as {@link HealthMonitor.register} takes it. */
export interface ComponentOptions {
  /** Its name, unique in the monitor; 1 to 100 characters. */
  readonly name: string;
  /**
   * How it is looked at.
   *
   * @default never: its status comes from `HealthMonitor.report`
   */
  readonly check?: HealthCheck;
  /**
   * Pause between the beginnings of two looks, in ms, from 10 to 86,400,000. After a look that
   * missed its deadline, the pause begins at its deadline if it is over by then.
   *
   * @default 10_000
   */
  readonly intervalMs?: number;
  /**
   * How long one look may take, in ms, from 1 to 86,400,000.
   *
   * @default 5_000
   */
  readonly timeoutMs?: number;
  /**
   * From how long on a good look makes the component degraded, in ms.
   *
   * @default Infinity
   */
  readonly slowMs?: number;
  /**
   * How many looks must fail in a row before the component has failed, from 1 to 1,000.
   *
   * @default 3
   */
  readonly failureThreshold?: number;
  /**
   * How many looks must succeed in a row before a failed component is taken back, from 1 to 1,000.
   *
   * @default 1
   */
  readonly successThreshold?: number;
}

/** {@link ComponentOptions} with all defaults. */
export type ComponentSetup = Required<Omit<ComponentOptions, "check">> & {
  readonly check: HealthCheck | null;
};

const DAY_MS = 86_400_000;
const INTERVAL_MIN_MS = 10;
const THRESHOLD_MAX = 1_000;
const NAME_MAX_CHARS = 100;

/**
 * Fills in and checks how a component is watched.
 *
 * @param options As the caller gave them.
 * @returns The same with defaults.
 * @throws {RangeError} when one is out of range.
 */
export function setUpComponent(options: ComponentOptions): ComponentSetup {
  const setup = {
    name: options.name,
    check: options.check ?? null,
    intervalMs: options.intervalMs ?? 10_000,
    timeoutMs: options.timeoutMs ?? 5_000,
    slowMs: options.slowMs ?? Infinity,
    failureThreshold: options.failureThreshold ?? 3,
    successThreshold: options.successThreshold ?? 1,
  };
  checkName(setup.name);
  const range = (key: "intervalMs" | "timeoutMs", min: number) => {
    if (setup[key] >= min && setup[key] <= DAY_MS) return;
    throw new RangeError(
      `${key} of "${setup.name}" must be ${min} to ${DAY_MS}, got ${setup[key]}`,
    );
  };
  range("intervalMs", INTERVAL_MIN_MS);
  range("timeoutMs", 1);
  if (!(setup.slowMs > 0)) {
    throw new RangeError(`slowMs of "${setup.name}" must be above 0, got ${setup.slowMs}`);
  }
  for (const key of ["failureThreshold", "successThreshold"] as const) {
    const value = setup[key];
    if (Number.isInteger(value) && value >= 1 && value <= THRESHOLD_MAX) continue;
    throw new RangeError(
      `${key} of "${setup.name}" must be a whole number from 1 to ${THRESHOLD_MAX}, got ${value}`,
    );
  }
  return setup;
}

function checkName(name: string): void {
  if (name.length >= 1 && name.length <= NAME_MAX_CHARS) return;
  throw new RangeError(
    `The name of a component must have 1 to ${NAME_MAX_CHARS} characters, got ${name.length}`,
  );
}
