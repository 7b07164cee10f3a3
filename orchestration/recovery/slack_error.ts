/**
 * Why Slack was not told:
 *
 * - `not_permitted`: the net permission is missing; the reason names the flag;
 * - `timeout`: there was no answer in time;
 * - `unreachable`: the request failed;
 * - `rate_limited`: Slack asked to wait, and after that once more, or for longer than there is time;
 * - `refused`: Slack answered with another status than a good one.
 */
export type SlackErrorKind =
  | "not_permitted"
  | "timeout"
  | "unreachable"
  | "rate_limited"
  | "refused";

/** What {@link SlackError} is made of. */
export type SlackErrorFields = Pick<SlackError, "kind" | "host" | "status" | "reason">;

/**
 * Slack was not told. Of the webhook's URL, which is a secret, it holds the host alone; so it has no
 * cause, as what `fetch` throws quotes the URL.
 */
export class SlackError extends Error {
  /** Tells this error from others. */
  override readonly name = "SlackError";
  /** A stable code for programs. */
  readonly code = "SLACK_ERROR";
  /** Why. */
  readonly kind: SlackErrorKind;
  /** Host of the webhook, with port. */
  readonly host: string;
  /** Status of the last answer; null when there was none. */
  readonly status: number | null;
  /** Why, in words. */
  readonly reason: string;

  /**
   * Makes the error.
   *
   * @param fields What went wrong.
   */
  constructor(fields: SlackErrorFields) {
    const { kind, host, status, reason } = fields;
    super(`Cannot tell Slack at ${host}: ${reason}`);
    this.kind = kind;
    this.host = host;
    this.status = status;
    this.reason = reason;
  }
}
