import type { RecoveryNoticeKind } from "../../enums/recovery_notice_kind.ts";

/** What people are told. */
export interface RecoveryNotice {
  /** What happened. */
  readonly kind: RecoveryNoticeKind;
  /** When, UTC ISO. */
  readonly timestamp: string;
  /** What happened, in one line for people. */
  readonly text: string;
  /** The action; null when there is none. */
  readonly action: string | null;
  /** The type of the anomaly, the name of the threshold, or the action that was asked for. */
  readonly cause: string | null;
  /** The node that tells. */
  readonly node: string;
  /** For whom, as the policy's author calls them, such as "operations"; null when nobody said. */
  readonly channel: string | null;
  /** How pressing it is, as the policy's author puts it, such as "high"; null when nobody said. */
  readonly priority: string | null;
  /** What else there is to know: plain data. */
  readonly details: Readonly<Record<string, unknown>>;
}

/** Tells people. */
export interface Notifier {
  /**
   * Tells of one thing. What it throws is counted; recovery does not wait for it, unless telling is
   * the action.
   *
   * @param notice What happened.
   * @param options The signal that ends the attempt.
   */
  notify(notice: RecoveryNotice, options: { readonly signal: AbortSignal }): void | Promise<void>;
}
