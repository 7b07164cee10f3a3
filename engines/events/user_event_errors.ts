/** An event that cannot be sent: it would name nobody, or somebody made up. */
export class InvalidUserEventError extends Error {
  /** Tells this error from others. */
  override readonly name = "InvalidUserEventError";
  /** A stable code for programs. */
  readonly code = "INVALID_USER_EVENT";
  /** The field that is wrong, such as "runId". */
  readonly field: string;
  /** What is wrong with it. */
  readonly fault: string;

  /**
   * Makes the error.
   *
   * @param field The field that is wrong.
   * @param fault What is wrong with it, such as "is blank".
   */
  constructor(field: string, fault: string) {
    super(`Cannot send a user event: ${field} ${fault}`);
    this.field = field;
    this.fault = fault;
  }
}

/** Why nobody more may listen: a bound is reached, or the hub is closed. */
export type SubscriptionRefusal = "too_many_users" | "too_many_subscribers" | "closed";

/** A subscription to a user's events was refused. */
export class SubscriptionRefusedError extends Error {
  /** Tells this error from others. */
  override readonly name = "SubscriptionRefusedError";
  /** A stable code for programs. */
  readonly code = "SUBSCRIPTION_REFUSED";
  /** Why. */
  readonly reason: SubscriptionRefusal;

  /**
   * Makes the error.
   *
   * @param reason Why.
   * @param limit The bound that was reached; 0 when the hub is closed.
   */
  constructor(reason: SubscriptionRefusal, limit: number) {
    super(`Cannot subscribe to user events: ${describe(reason, limit)}`);
    this.reason = reason;
  }
}

function describe(reason: SubscriptionRefusal, limit: number): string {
  switch (reason) {
    case "too_many_users":
      return `${limit} users are being listened to, and no more are allowed`;
    case "too_many_subscribers":
      return `the user has ${limit} subscribers, and no more are allowed`;
    case "closed":
      return "the hub is closed";
    default:
      return reason satisfies never;
  }
}
