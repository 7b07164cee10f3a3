const MAX_MESSAGE_LENGTH = 500;

/** A user context cannot be made, or cannot do what it was asked to. */
export class InvalidContextError extends Error {
  /** Tells this error from others. */
  override readonly name = "InvalidContextError";
  /** A stable code for programs. */
  readonly code = "INVALID_CONTEXT";
  /** What is wrong, by its name on the wire, such as `user_id` or `agent_context`. */
  readonly field: string;

  /**
   * Makes the error.
   *
   * @param field What is wrong, by its name on the wire.
   * @param message What is wrong with it; cut after 500 characters.
   */
  constructor(field: string, message: string) {
    super(cut(message));
    this.field = field;
  }
}

/**
 * One user's work came upon what is another's. The error never carries the other user's id, because
 * it may be shown to the one whose work it was.
 */
export class ContextIsolationError extends Error {
  /** Tells this error from others. */
  override readonly name = "ContextIsolationError";
  /** A stable code for programs. */
  readonly code = "CONTEXT_ISOLATION";
  /** The user whose context it was. */
  readonly userId: string;
  /** Where the other user was found, such as `agent_context.order.user_id`. */
  readonly place: string;

  /**
   * Makes the error.
   *
   * @param userId The user whose context it was.
   * @param place Where the other user was found; cut after 500 characters.
   * @param message What happened, without the other user's id; cut after 500 characters.
   */
  constructor(userId: string, place: string, message: string) {
    super(cut(message));
    this.userId = userId;
    this.place = cut(place);
  }
}

function cut(message: string): string {
  if (message.length <= MAX_MESSAGE_LENGTH) return message;
  return `${message.slice(0, MAX_MESSAGE_LENGTH)}…`;
}
