import type { Clock } from "../../clock.ts";
import { describeError } from "../../config/describe_error.ts";
import { LogLevel } from "../../enums/log_level.ts";
import { RecoveryNoticeKind } from "../../enums/recovery_notice_kind.ts";
import { RecoveryResult } from "../../enums/recovery_result.ts";
import { SAFE_MODE_ACTIONS } from "./builtin_action_names.ts";
import type { MetricsCollector } from "./metrics_collector.ts";
import type { RecoveryNotice } from "./notifier.ts";
import type { RecoveryActionDict } from "./recovery_action_dict.ts";
import { logAt, recoveryLogger } from "./recovery_logger.ts";

/** Options of {@link RecoveryTelemetry}. */
export interface RecoveryTelemetryOptions {
  /** The node that tells. */
  readonly node: () => string;
  /** Takes notices; must not throw. */
  readonly tell: (notice: RecoveryNotice) => void;
  /** Takes lines of the recovery log; must not throw. */
  readonly log: (level: LogLevel, entry: Readonly<Record<string, unknown>>) => void;
  /** Takes figures; null for nobody. */
  readonly metrics: MetricsCollector | null;
  /** Time. */
  readonly clock: Clock;
}

/** What else there is to know about an entry, beyond what it says itself. */
export interface EntryNews {
  /** Whether its action is left alone from now on. */
  readonly isFrozen: boolean;
  /** Whether its step failed as often as is taken for a reason to escalate. */
  readonly isRepeatedFailure: boolean;
  /** Seconds from detection to recovery; null when nothing was seen to recover. */
  readonly recoverySeconds: number | null;
}

const NO_NEWS: EntryNews = { isFrozen: false, isRepeatedFailure: false, recoverySeconds: null };

/** Tells people, metrics and logs what recovery does. Nothing of that can delay or break it. */
export class RecoveryTelemetry {
  readonly #options: RecoveryTelemetryOptions;
  #faults = 0;
  #lastFault: string | null = null;

  /** @param options Who is told. */
  constructor(options: RecoveryTelemetryOptions) {
    this.#options = options;
  }

  /** How often something went wrong that nobody waited for. */
  get faults(): number {
    return this.#faults;
  }

  /** The last of it, as text; null for nothing. */
  get lastFault(): string | null {
    return this.#lastFault;
  }

  /** Counts what went wrong while nobody waited for it. */
  fault(what: string, error: unknown): void {
    this.#faults++;
    this.#lastFault = `${what}: ${describeError(error)}`;
    recoveryLogger.warn("{fault}", { fault: this.#lastFault });
    const entry = { event: "fault", what, error: describeError(error) };
    this.#options.log(LogLevel.WARNING, entry);
  }

  /** Tells of an entry of the history, once it is stored. */
  entry(entry: RecoveryActionDict, news = NO_NEWS): void {
    try {
      this.#tellOf(entry, news);
    } catch (error) {
      this.fault("telemetry", error);
    }
  }

  #tellOf(entry: RecoveryActionDict, news: EntryNews): void {
    const { action_type: action, anomaly_type: cause, result } = entry;
    const level = levelOf(entry);
    const why = entry.error ?? entry.reason;
    logAt(level, "{action} for {cause}: {result} ({why})", { action, cause, result, why });
    this.#options.log(level, { event: "recovery_action", ...entry });
    this.#count(entry, news);
    for (const notice of noticesOf(entry, news)) this.tell(notice);
  }

  /** Tells people. */
  tell(
    notice:
      & Omit<RecoveryNotice, "timestamp" | "node" | "channel" | "priority">
      & Partial<Pick<RecoveryNotice, "channel" | "priority">>,
  ): void {
    const { clock, node, tell } = this.#options;
    const timestamp = new Date(clock.now()).toISOString();
    tell({ channel: null, priority: null, ...notice, timestamp, node: node() });
  }

  #count(entry: RecoveryActionDict, { recoverySeconds }: EntryNews): void {
    const { metrics } = this.#options;
    if (metrics === null) return;
    const { action_type: action, anomaly_type: anomaly, result } = entry;
    this.#measure(() => metrics.increment("baton_recovery_actions_total", { action, result }));
    if (entry.ended_at !== null) {
      const seconds = entry.duration_seconds;
      this.#measure(() => metrics.observe("baton_recovery_action_seconds", seconds, { action }));
    }
    if (recoverySeconds !== null) {
      this.#measure(() =>
        metrics.observe("baton_recovery_mttr_seconds", recoverySeconds, { anomaly })
      );
    }
  }

  /** A collector may throw, or be asynchronous and reject: a rejection that nobody awaits ends Deno. */
  #measure(work: () => unknown): void {
    Promise.try(work).catch((error) => this.fault("metrics collector", error));
  }
}

function levelOf({ result, success }: RecoveryActionDict): LogLevel {
  if (success || result === RecoveryResult.SKIPPED_DRY_RUN) return LogLevel.INFO;
  if (result === RecoveryResult.FAILED) return LogLevel.WARNING;
  return LogLevel.DEBUG;
}

type Told = Pick<RecoveryNotice, "kind" | "text" | "action" | "cause" | "details">;

function noticesOf(entry: RecoveryActionDict, news: EntryNews): readonly Told[] {
  const { action_type: action, anomaly_type: cause, result, reason, error } = entry;
  const told = (kind: RecoveryNoticeKind, text: string): Told => ({
    kind,
    text,
    action,
    cause,
    details: { result, step: entry.step, steps: entry.steps, attempts: entry.attempts },
  });
  const notices: Told[] = [];
  if (entry.success) {
    notices.push(told(RecoveryNoticeKind.ACTION_EXECUTED, `${action} ran: ${reason}`));
    if (SAFE_MODE_ACTIONS.includes(action)) {
      notices.push(told(RecoveryNoticeKind.SAFE_MODE_ENTERED, `Safe mode: ${reason}`));
    }
  }
  if (result === RecoveryResult.FAILED) {
    notices.push(told(RecoveryNoticeKind.ACTION_FAILED, `${action} failed: ${error}`));
  }
  if (result === RecoveryResult.SKIPPED_SAFE_MODE_LIMIT) {
    notices.push(told(RecoveryNoticeKind.SAFE_MODE_LIMIT, `${action} was not run: ${error}`));
  }
  if (entry.escalated) {
    notices.push(
      told(RecoveryNoticeKind.ESCALATION_TRIGGERED, `Escalated to ${action}: ${reason}`),
    );
  }
  if (news.isRepeatedFailure) {
    notices.push(told(RecoveryNoticeKind.MULTIPLE_FAILURES, `${action} keeps failing: ${error}`));
  }
  if (news.isFrozen) {
    notices.push(told(RecoveryNoticeKind.ACTION_FROZEN, `${action} does not help: left alone`));
  }
  return notices;
}
