/** Why an action that was declared in YAML failed. */
export type ActionFailure =
  | {
    /** The program ended with another code than 0. */
    readonly kind: "exit";
    /** Its exit code: 128 + n for a signal. */
    readonly exitCode: number;
    /** The last of what it wrote to stderr, on one line. */
    readonly stderr: string;
  }
  | {
    /** The program could not be started. */
    readonly kind: "start";
    /** Why, in words. */
    readonly reason: string;
  }
  | {
    /** What the action was given does not fit into the environment of a program. */
    readonly kind: "params";
    /** Why, in words. */
    readonly reason: string;
  }
  | {
    /** The server's answer was no good one, or there was none. */
    readonly kind: "http";
    /** Status of the last answer; null when there was none. */
    readonly status: number | null;
    /** What happened, in words; of the URL the origin alone, as the rest may be a secret. */
    readonly reason: string;
  }
  | {
    /** A higher owner holds another fallback mode. */
    readonly kind: "outranked";
    /** Who, by which right, and why. */
    readonly reason: string;
  }
  | {
    /** There is no such component in the health document, so that nothing can be verified. */
    readonly kind: "component";
    /** Which one. */
    readonly reason: string;
  };

/** An action that was declared in YAML failed, or could not be verified. */
export class ActionFailedError extends Error {
  /** Tells this error from others. */
  override readonly name = "ActionFailedError";
  /** A stable code for programs. */
  readonly code = "ACTION_FAILED";
  /** The action. */
  readonly action: string;
  /** Why. */
  readonly failure: ActionFailure;

  /**
   * Makes the error.
   *
   * @param action The action.
   * @param failure Why it failed.
   */
  constructor(action: string, failure: ActionFailure) {
    super(`Action "${action}" failed: ${describeFailure(failure)}`);
    this.action = action;
    this.failure = failure;
  }
}

function describeFailure(failure: ActionFailure): string {
  if (failure.kind !== "exit") return failure.reason;
  const said = failure.stderr === "" ? "" : `: ${failure.stderr}`;
  return `the program exited with ${failure.exitCode}${said}`;
}
