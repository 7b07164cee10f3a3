import { isEnumValue } from "../../enums/enum_values.ts";
import { showValue } from "../../enums/show_value.ts";
import { TimeoutTier } from "../../enums/timeout_tier.ts";
import { checkOptionNames } from "../option_names.ts";

/** How much an engine allows. */
export interface EngineLimits {
  /**
   * How long an agent may take, in ms, where neither the request nor its tier says so.
   *
   * @default 25_000
   */
  readonly timeoutMs?: number;
  /**
   * How long an agent may take by the plan of its user, in ms.
   *
   * @default free and early as `timeoutMs`, mid 60_000, platform 120_000, enterprise 300_000
   */
  readonly tierTimeoutsMs?: Readonly<Partial<Record<TimeoutTier, number>>>;
  /**
   * How many results, and how many times, are kept; the oldest go first.
   *
   * @default 100
   */
  readonly historyMaxEntries?: number;
  /**
   * How long a cleanup of the engine waits for what it called off, and the end of a call for what the
   * agent registered with its context, in ms.
   *
   * @default 5_000
   */
  readonly cleanupWaitMs?: number;
}

/** What an engine allows, all of it said. */
export type CheckedLimits = Required<EngineLimits> & {
  readonly tierTimeoutsMs: Readonly<Record<TimeoutTier, number>>;
};

/** The longest time a timer can wait, in ms. */
export const TIMER_MAX_MS = 2_147_483_647;
const HISTORY_MAX = 10_000;

const LIMIT_NAMES: Readonly<Record<keyof EngineLimits, true>> = {
  timeoutMs: true,
  tierTimeoutsMs: true,
  historyMaxEntries: true,
  cleanupWaitMs: true,
};

/**
 * Checks limits and fills in what is not said.
 *
 * @param limits What is said.
 * @returns A copy with all of them.
 * @throws {RangeError} when one is out of range.
 * @throws {TypeError} when a tier, or a limit, is unknown.
 */
export function checkedLimits(limits: EngineLimits = {}): CheckedLimits {
  checkOptionNames("EngineLimits", limits, LIMIT_NAMES);
  const { timeoutMs = 25_000, historyMaxEntries = 100, cleanupWaitMs = 5_000 } = limits;
  checkTimeout("timeoutMs", timeoutMs);
  checkWithin("historyMaxEntries", historyMaxEntries, 1, HISTORY_MAX);
  checkWithin("cleanupWaitMs", cleanupWaitMs, 0, TIMER_MAX_MS);
  const tierTimeoutsMs = {
    [TimeoutTier.FREE]: timeoutMs,
    [TimeoutTier.EARLY]: timeoutMs,
    [TimeoutTier.MID]: 60_000,
    [TimeoutTier.PLATFORM]: 120_000,
    [TimeoutTier.ENTERPRISE]: 300_000,
    ...limits.tierTimeoutsMs,
  };
  for (const [tier, ms] of Object.entries(tierTimeoutsMs)) {
    if (!isEnumValue(TimeoutTier, tier)) {
      throw new TypeError(`tierTimeoutsMs has an unknown tier: ${showValue(tier)}`);
    }
    checkTimeout(`tierTimeoutsMs.${tier}`, ms);
  }
  return Object.freeze({
    timeoutMs,
    tierTimeoutsMs: Object.freeze(tierTimeoutsMs),
    historyMaxEntries,
    cleanupWaitMs,
  });
}

/**
 * Checks how long something may take.
 *
 * @param name What it is called in the message.
 * @param ms How long, in ms.
 * @throws {RangeError} when it is no number above 0, or more than a timer holds.
 */
export function checkTimeout(name: string, ms: unknown): void {
  if (typeof ms === "number" && ms > 0 && ms <= TIMER_MAX_MS) return;
  throw new RangeError(
    `${name} must be a number above 0 and of at most ${TIMER_MAX_MS}, got ${showValue(ms)}`,
  );
}

/**
 * Checks a whole number.
 *
 * @param name What it is called in the message.
 * @param value The number.
 * @param min The least that it may be.
 * @param max The most that it may be.
 * @throws {RangeError} when it is no whole number, or out of range.
 */
export function checkWithin(
  name: string,
  value: unknown,
  min: number,
  max: number,
): asserts value is number {
  if (Number.isSafeInteger(value) && Number(value) >= min && Number(value) <= max) return;
  throw new RangeError(
    `${name} must be a whole number from ${min} to ${max}, got ${showValue(value)}`,
  );
}
