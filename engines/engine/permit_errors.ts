/** Too many agents of the user wait for their turn already. */
export class PermitQueueFullError extends Error {
  /** Tells this error from others. */
  override readonly name = "PermitQueueFullError";
  /** A stable code for programs. */
  readonly code = "PERMIT_QUEUE_FULL";
  /** The user. */
  readonly userId: string;
  /** How many may wait. */
  readonly queueMax: number;

  /**
   * Makes the error.
   *
   * @param userId The user.
   * @param queueMax How many may wait.
   */
  constructor(userId: string, queueMax: number) {
    super(`Cannot run another agent for the user: ${queueMax} wait already, and no more may`);
    this.userId = userId;
    this.queueMax = queueMax;
  }
}

/** An agent waited too long for its turn, and was not run. */
export class PermitTimeoutError extends Error {
  /** Tells this error from others. */
  override readonly name = "PermitTimeoutError";
  /** A stable code for programs. */
  readonly code = "PERMIT_TIMEOUT";
  /** The user. */
  readonly userId: string;
  /** How long it waited, in ms. */
  readonly waitedMs: number;

  /**
   * Makes the error.
   *
   * @param userId The user.
   * @param waitedMs How long it waited, in ms.
   */
  constructor(userId: string, waitedMs: number) {
    super(`Cannot run the agent: it waited ${waitedMs} ms for others of the user to end`);
    this.userId = userId;
    this.waitedMs = waitedMs;
  }
}

/** Too many agents of the user go on although their run has ended. */
export class AbandonedAgentsError extends Error {
  /** Tells this error from others. */
  override readonly name = "AbandonedAgentsError";
  /** A stable code for programs. */
  readonly code = "ABANDONED_AGENTS";
  /** The user. */
  readonly userId: string;
  /** How many go on. */
  readonly count: number;

  /**
   * Makes the error.
   *
   * @param userId The user.
   * @param count How many go on.
   */
  constructor(userId: string, count: number) {
    super(
      `Cannot run another agent for the user: ${count} go on although their run has ended; ` +
        "let agents end when their signal aborts",
    );
    this.userId = userId;
    this.count = count;
  }
}
