/** Where progress is written. */
export const ProgressOutputMode = {
  /** A view for people that is painted anew. */
  CONSOLE: "console",
  /** One JSON document a line, on standard output. */
  JSON: "json",
  /** Messages to the WebSocket clients of a thread. */
  WEBSOCKET: "websocket",
  /** Records of the log. */
  LOG: "log",
  /** Nowhere, errors excepted. */
  SILENT: "silent",
} as const;

/** Where progress is written. */
export type ProgressOutputMode = (typeof ProgressOutputMode)[keyof typeof ProgressOutputMode];
