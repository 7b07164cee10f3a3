import { UserEventType } from "../../enums/user_event_type.ts";
import { isEnumValue } from "../../enums/enum_values.ts";
import { checkEventIds } from "./event_ids.ts";
import { redact } from "./redact.ts";
import { InvalidUserEventError } from "./user_event_errors.ts";
import { isUserEventData, type UserEventData } from "./user_event_data.ts";
import type { UserEvent } from "./user_event_sink.ts";

/** An event as its user's clients get it: keys in snake_case. */
export interface UserEventMessage {
  /** Its place among the events of its user, from 1 without gaps. */
  readonly seq: number;
  /** What happened. */
  readonly type: UserEventType;
  /** The run. */
  readonly run_id: string;
  /** Whose run it is. */
  readonly user_id: string;
  /** The agent; null for the run as a whole. */
  readonly agent_name: string | null;
  /** When, UTC ISO. */
  readonly timestamp: string;
  /** What else there is to say. */
  readonly data: UserEventData;
}

/** Tells a client that it was too slow, or away too long: these events are not kept any more. */
export interface LaggedMessage {
  /** Tells it from events. */
  readonly type: "lagged";
  /** The number of the first event that it missed. */
  readonly from: number;
  /** The number of the last one. */
  readonly to: number;
}

/** The first message of every connection. */
export interface HelloMessage {
  /** Tells it from events. */
  readonly type: "hello";
  /** The series of numbers that follows; another one begins when the old one is not known any more. */
  readonly channel: string;
  /** The number after which events follow. */
  readonly after: number;
  /** Whether the client goes on where it stopped; if not, it forgets the numbers it knew. */
  readonly resumed: boolean;
}

/** How much is shown of data that {@link userEventData} has not made. */
const LIMITS = { textMaxChars: 1_000, depthMax: 8, totalMaxChars: 32_768 };

const AGENT_NAME_MAX_CHARS = 200;

/**
 * Puts an event into wire form, but for its number. Secrets in its data are replaced here if
 * {@link userEventData} has not done that, for an event may have been made by anybody.
 *
 * @param event The event.
 * @returns The message without `seq`.
 * @throws {InvalidUserEventError} when it is of no known type, has no valid ids, time or agent.
 */
export function userEventMessage(event: UserEvent): Omit<UserEventMessage, "seq"> {
  checkEventIds(event);
  const { type, runId, userId, agentName, timestamp, data } = event;
  if (!isEnumValue(UserEventType, type)) throw new InvalidUserEventError("type", "is not known");
  if (typeof timestamp !== "string" || Number.isNaN(Date.parse(timestamp))) {
    throw new InvalidUserEventError("timestamp", "is no time");
  }
  if (agentName !== null && !isAgentName(agentName)) {
    throw new InvalidUserEventError("agentName", "must be null or a short text");
  }
  const shown = isUserEventData(data) ? data : redact(data, LIMITS);
  if (!isObject(shown)) throw new InvalidUserEventError("data", "must be an object");
  return { type, run_id: runId, user_id: userId, agent_name: agentName, timestamp, data: shown };
}

function isObject(value: unknown): value is UserEventData {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isAgentName(name: unknown): boolean {
  return typeof name === "string" && name.trim() !== "" && name.length <= AGENT_NAME_MAX_CHARS;
}
