import { InvalidUserEventError } from "./user_event_errors.ts";
import type { UserEvent } from "./user_event_sink.ts";

/** Whose event it is, and of which run. */
export type UserEventIds = Pick<UserEvent, "userId" | "threadId" | "runId">;

const ID_MAX_CHARS = 256;

/** Texts that programs write when they have no id. */
const NO_IDS: ReadonlySet<string> = new Set(["registry", "null", "undefined", "none"]);

/**
 * Checks that an event names a user, a conversation and a run, none of them made up. An id that is
 * missing is never replaced by another.
 *
 * @param ids The ids.
 * @throws {InvalidUserEventError} when one is no text, is blank, stands for none, or is too long.
 */
export function checkEventIds(ids: UserEventIds): void {
  for (const field of ["userId", "threadId", "runId"] as const) {
    const fault = faultOfId(ids[field]);
    if (fault !== null) throw new InvalidUserEventError(field, fault);
  }
}

function faultOfId(id: unknown): string | null {
  if (typeof id !== "string") return `must be a text, got ${id === null ? "null" : typeof id}`;
  const text = id.trim();
  if (text === "") return "is blank";
  if (NO_IDS.has(text.toLowerCase())) return `is "${text}", which stands for no id`;
  return id.length > ID_MAX_CHARS ? `is longer than ${ID_MAX_CHARS} characters` : null;
}
