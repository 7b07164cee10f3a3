/** What a user is told of a run. The first five are critical: without them nobody sees it work. */
export const UserEventType = {
  /** A run, or an agent in it, began. */
  AGENT_STARTED: "agent_started",
  /** An agent says what it is about. */
  AGENT_THINKING: "agent_thinking",
  /** A tool is called. */
  TOOL_EXECUTING: "tool_executing",
  /** A tool answered. */
  TOOL_COMPLETED: "tool_completed",
  /** A run, or an agent in it, ended: the terminal event of a run that was accepted. */
  AGENT_COMPLETED: "agent_completed",
  /** An agent failed. */
  AGENT_ERROR: "agent_error",
  /** An agent will not answer any more. */
  AGENT_DEATH: "agent_death",
  /** How far a run is. */
  PROGRESS_UPDATE: "progress_update",
  /** Something of the application's own. */
  CUSTOM: "custom",
} as const;

/** What a user is told of a run. The first five are critical: without them nobody sees it work. */
export type UserEventType = (typeof UserEventType)[keyof typeof UserEventType];
