import { z } from "zod";
import { LogLevel } from "../../enums/log_level.ts";
import { RecoveryNoticeKind } from "../../enums/recovery_notice_kind.ts";
import { name, seconds, share, text, timeLimit, whole, wordOf } from "./common_shapes.ts";

/** When a health check becomes a reason to act. */
export interface RecoveryThresholds {
  /** How long a circuit may stay open, in seconds; acted upon when it is longer. Default 300. */
  readonly circuit_open_duration: number;
  /** How many retries may fail in an hour; acted upon when there are more. Default 50. */
  readonly retry_failures_1h: number;
  /** Below which accuracy of anomaly detection to act, from 0 to 1. Default 0.8. */
  readonly min_anomaly_accuracy: number;
  /** From how many failed components on to act. Default 2. */
  readonly failed_components: number;
}

/** The shape of {@link RecoveryThresholds}. */
export const thresholds = z.strictObject({
  circuit_open_duration: seconds().default(300).describe(
    "How long a circuit may stay open, in seconds",
  ),
  retry_failures_1h: whole(0, 1_000_000).default(50).describe(
    "How many retries may fail in an hour",
  ),
  min_anomaly_accuracy: share().default(0.8).describe(
    "Below which accuracy of anomaly detection to act",
  ),
  failed_components: whole(1, 10_000).default(2).describe(
    "From how many failed components on to act",
  ),
});

/** Who is told of what recovery does, and how it is logged. */
export interface RecoveryLogging {
  /** The least important entries of recovery's own log. Default INFO. */
  readonly level: LogLevel;
  /** Where Slack takes messages; "" for none. Default "". */
  readonly slack_webhook: string;
  /**
   * What Slack is told of: names of `RecoveryNoticeKind`. Default executed and failed actions, and
   * steps that failed several times.
   */
  readonly slack_events: readonly string[];
  /** How lines of that log look: "json" or "text"; "" for "json". Default "". */
  readonly format: string;
  /** Another name for `log_file`, which goes first. Default "". */
  readonly file: string;
  /** Where recovery writes its own log; "" for nowhere. Default "". */
  readonly log_file: string;
  /** When that log begins anew; "" for never. Default "". */
  readonly log_rotation: "" | "hourly" | "daily" | "weekly";
  /** For how many days that log is kept. Default 90. */
  readonly log_retention_days: number;
}

/** What Slack is told of, where a file does not say. */
const SLACK_EVENTS = [
  RecoveryNoticeKind.ACTION_EXECUTED,
  RecoveryNoticeKind.ACTION_FAILED,
  RecoveryNoticeKind.MULTIPLE_FAILURES,
];

const ROTATIONS = ["", "hourly", "daily", "weekly"] as const;

/** The shape of {@link RecoveryLogging}. */
export const logging = z.strictObject({
  level: z.enum(LogLevel).default(LogLevel.INFO).describe(
    "The least important entries of recovery's own log",
  ),
  slack_webhook: text().default("").describe("Where Slack takes messages; empty for none"),
  slack_events: z.array(name()).max(100).default(SLACK_EVENTS).describe("What Slack is told of"),
  format: text().default("").describe("How lines of that log look: json or text; empty for json"),
  file: text().default("").describe("Another name for log_file, which goes first"),
  log_file: text().default("").describe("Where recovery writes a log of its own"),
  log_rotation: wordOf(ROTATIONS).default("").describe(
    "When that log begins anew: hourly, daily or weekly; empty for never",
  ),
  log_retention_days: whole(0, 3_650).default(90).describe("For how many days that log is kept"),
});

/** Limits and habits of recovery. */
export interface RecoveryAdvanced {
  /** How many actions may run at once. Default 1. */
  readonly max_concurrent_actions: number;
  /** By what the time limits of actions are multiplied. Default 1.5. */
  readonly action_timeout_multiplier: number;
  /** For how many days what was done is kept. Default 30. */
  readonly history_retention_days: number;
  /** How many entries of that are kept. Default 1,000. */
  readonly max_history_entries: number;
  /** Whether to check that an action helped. Default true. */
  readonly verify_recovery_success: boolean;
  /** How long to wait before each such check, in seconds. Default 30. */
  readonly verification_delay_seconds: number;
  /** How many such checks to make before the action counts as failed. Default 3. */
  readonly max_verification_attempts: number;
  /** Whether a failure brings on the next step of the chain. Default true. */
  readonly auto_escalate_on_failure: boolean;
  /** After how many failures in a row it does. Default 2. */
  readonly escalation_failure_threshold: number;
  /**
   * How many actions may run in an hour, 1 to 1,000: their times are kept one by one, in a record of
   * bounded size. Default 10.
   */
  readonly max_actions_per_hour: number;
  /**
   * How often safe mode may be entered in a day, 1 to 1,000: the times are kept one by one, in a
   * record of bounded size. Default 5.
   */
  readonly max_safe_mode_entries_per_day: number;
  /** After how often in a row without help an action is frozen. Default 3. */
  readonly futility_threshold: number;
  /** How long it stays frozen, in seconds. Default 3,600. */
  readonly futility_freeze_seconds: number;
  /** Below which share of living members nothing is done, from 0 to 1. Default 0.5: what is
   * left of a pair may heal the other. */
  readonly min_alive_share: number;
  /** Below which share of healthy members nothing is done, from 0 to 1. Default 0: whatever it is. */
  readonly min_healthy_share: number;
  /** How long those shares must hold again before anything is done, in seconds. Default 60. */
  readonly storm_cooldown_seconds: number;
  /** How many anomalies may wait, 1 to 100,000. Default 1,000. */
  readonly pending_max: number;
  /** After how long without it an anomaly that comes back counts as a new one. Default 3,600. */
  readonly episode_gap_seconds: number;
  /** How many actions may wait for their turn, 0 to 10,000. Default 100. */
  readonly max_waiting_actions: number;
  /** Pause between two steps of a chain, in seconds. Default 0. */
  readonly step_delay_seconds: number;
  /** Whether an action that is restricted to phases may run when the phase is unknown. Default deny. */
  readonly unknown_phase: "deny" | "allow";
}

/** How many times of one kind are kept, and so the highest limit on them. */
const TIMES_MAX = 1_000;

/** The shape of {@link RecoveryAdvanced}. */
export const advanced = z.strictObject({
  max_concurrent_actions: whole(1, 1_000).default(1).describe("How many actions may run at once"),
  action_timeout_multiplier: z.number().gt(0).max(100).default(1.5).describe(
    "By what the time limits of actions are multiplied",
  ),
  history_retention_days: whole(0, 3_650).default(30).describe(
    "For how many days what was done is kept",
  ),
  max_history_entries: whole(0, 1_000_000).default(1_000).describe("How many entries are kept"),
  verify_recovery_success: z.boolean().default(true).describe("Whether to check that it helped"),
  verification_delay_seconds: seconds().default(30).describe(
    "How long to wait before each check, in seconds",
  ),
  max_verification_attempts: whole(1, 100).default(3).describe("How many checks to make"),
  auto_escalate_on_failure: z.boolean().default(true).describe(
    "Whether a failure brings on the next step of the chain",
  ),
  escalation_failure_threshold: whole(1, 100).default(2).describe(
    "After how many failures in a row it does",
  ),
  max_actions_per_hour: whole(1, TIMES_MAX).default(10).describe(
    "How many actions may run in an hour",
  ),
  max_safe_mode_entries_per_day: whole(1, TIMES_MAX).default(5).describe(
    "How often safe mode may be entered in a day",
  ),
  futility_threshold: whole(1, 100).default(3).describe(
    "After how often in a row without help an action is frozen",
  ),
  futility_freeze_seconds: seconds().default(3_600).describe(
    "How long it stays frozen, in seconds",
  ),
  min_alive_share: share().default(0.5).describe(
    "Below which share of living members nothing is done",
  ),
  min_healthy_share: share().default(0).describe(
    "Below which share of healthy members nothing is done",
  ),
  storm_cooldown_seconds: seconds().default(60).describe(
    "How long those shares must hold again before anything is done, in seconds",
  ),
  pending_max: whole(1, 100_000).default(1_000).describe("How many anomalies may wait"),
  episode_gap_seconds: seconds().default(3_600).describe(
    "After how long an anomaly that comes back counts as a new one, in seconds",
  ),
  max_waiting_actions: whole(0, 10_000).default(100).describe(
    "How many actions may wait for their turn",
  ),
  step_delay_seconds: seconds().default(0).describe("Pause between two steps, in seconds"),
  unknown_phase: wordOf(["deny", "allow"]).default("deny").describe(
    "Whether an action that is restricted to phases may run when the phase is unknown: deny or allow",
  ),
});

/** How often recovery looks: from a tenth of a second to a day. */
export const pollInterval = z.number().min(0.1).max(86_400).default(30).describe(
  "How often health is looked at, in seconds",
);

/** The time limit of an action, in seconds. */
export function actionTimeout(fallback: number): z.ZodDefault<z.ZodNumber> {
  return timeLimit().default(fallback).describe("How long the action may take, in seconds");
}
