import type { UserEvent } from "../../../engines/events/user_event_sink.ts";

/** An event of a user, of no consequence but for what a test changes. */
export function anEvent(change: Partial<UserEvent> = {}): UserEvent {
  return {
    type: "custom",
    userId: "u-1",
    threadId: "t-1",
    runId: "r-1",
    agentName: null,
    timestamp: "2026-01-01T00:00:00.000Z",
    data: { n: 1 },
    ...change,
  };
}
