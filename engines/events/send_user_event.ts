import type { UserEvent, UserEventOutcome, UserEventSink } from "./user_event_sink.ts";

const NOT_TAKEN: ReadonlySet<unknown> = new Set<UserEventOutcome>([
  "invalid",
  "too_large",
  "closed",
  "no_room",
  "failed",
]);

/**
 * Gives an event to a sink. Whatever the sink does, this neither throws nor rejects.
 *
 * @param sink The sink.
 * @param event The event.
 * @returns What the sink did with it; at once when it says so at once.
 */
export function sendUserEvent(
  sink: UserEventSink,
  event: UserEvent,
): UserEventOutcome | Promise<UserEventOutcome> {
  try {
    const answer: unknown = sink.send(event);
    if (!isThenable(answer)) return outcomeOf(answer);
    // A promise of our own: what a sink gives may not even return one from its `then`.
    return Promise.resolve(answer).then(outcomeOf, () => "failed");
  } catch {
    return "failed";
  }
}

function isThenable(answer: unknown): answer is PromiseLike<unknown> {
  return typeof answer === "object" && answer !== null && "then" in answer &&
    typeof answer.then === "function";
}

/** Whatever else a sink says, as the id of a message, it has taken the event. */
function outcomeOf(answer: unknown): UserEventOutcome {
  if (answer === false) return "failed";
  return NOT_TAKEN.has(answer) ? answer as UserEventOutcome : "taken";
}
