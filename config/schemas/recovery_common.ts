import { z } from "zod";
import { name } from "./common_shapes.ts";
import { handler, type HandlerSettings } from "./recovery_handlers.ts";
import {
  actionTimeout,
  advanced,
  logging,
  pollInterval,
  type RecoveryAdvanced,
  type RecoveryLogging,
  type RecoveryThresholds,
  thresholds,
} from "./recovery_sections.ts";

/** What both documents of recovery say. */
export interface RecoveryCommon {
  /** Whether recovery runs. Default true. */
  readonly enabled: boolean;
  /** How often health is looked at, in seconds, from 0.1 to 86,400. Default 30. */
  readonly poll_interval: number;
  /** When health alone is a reason to act. */
  readonly thresholds: RecoveryThresholds;
  /** How long an action rests after it ran, in seconds, by action. */
  readonly cooldowns: Readonly<Record<string, number>>;
  /** What actions do that need no code, by action; each replaces a built-in one. Default none. */
  readonly handlers: Readonly<Record<string, HandlerSettings>>;
  /** Who is told, and how it is logged. */
  readonly logging: RecoveryLogging;
  /** Limits and habits. */
  readonly advanced: RecoveryAdvanced;
}

/** One action of {@link RecoveryCommon}, as far as both documents have it. */
export interface RecoveryActionSettings {
  /** Whether it may run. Default true. */
  readonly enabled: boolean;
  /**
   * How long it may take where the step does not say, in seconds. Default 30; of basic recovery
   * cache_purge 60, safe_mode 10.
   */
  readonly timeout: number;
}

const HANDLERS_MAX = 1_000;

/** The shapes of {@link RecoveryCommon}, without the cooldowns, whose defaults are not the same. */
export const commonFields = {
  enabled: z.boolean().default(true).describe("Whether recovery runs"),
  poll_interval: pollInterval,
  thresholds: thresholds.prefault({}).describe("When health alone is a reason to act"),
  handlers: z.record(name(), handler).refine(
    (handlers) => Object.keys(handlers).length <= HANDLERS_MAX,
    `at most ${HANDLERS_MAX} handlers`,
  ).default({}).describe("What actions do that need no code, by action"),
  logging: logging.prefault({}).describe("Who is told, and how it is logged"),
  advanced: advanced.prefault({}).describe("Limits and habits"),
};

/** @returns The shapes of {@link RecoveryActionSettings}. */
export function actionFields(
  timeout: number,
): { enabled: z.ZodDefault<z.ZodBoolean>; timeout: z.ZodDefault<z.ZodNumber> } {
  return {
    enabled: z.boolean().default(true).describe("Whether the action may run"),
    timeout: actionTimeout(timeout),
  };
}
