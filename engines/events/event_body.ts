import { userEventMessage } from "./user_event_message.ts";
import type { UserEvent } from "./user_event_sink.ts";

/** What an event says, before it has a number. */
export interface EventBody {
  /** Whose event it is. */
  readonly userId: string;
  /** The JSON of its message without `seq`: an object with at least one key. */
  readonly json: string;
  /** How long that is, in bytes of UTF-8. */
  readonly bytes: number;
}

const encoder = new TextEncoder();

/**
 * Puts an event into the text that goes over the wire, but for its number.
 *
 * @param event The event.
 * @returns What it says.
 * @throws {InvalidUserEventError} when it is not valid.
 */
export function eventBody(event: UserEvent): EventBody {
  const message = userEventMessage(event);
  const json = JSON.stringify(message);
  return { userId: message.user_id, json, bytes: bytesOf(json) };
}

function bytesOf(json: string): number {
  // Most events are ASCII, and to look is cheaper than to encode.
  return /[^ -~]/.test(json) ? encoder.encode(json).length : json.length;
}
