/** How bad an issue is. */
export const IssueSeverity = {
  /** Worth knowing; nothing is wrong. */
  INFO: "info",
  /** It works, but probably not as intended. */
  WARNING: "warning",
  /** It does not work. */
  ERROR: "error",
} as const;

/** How bad an issue is. */
export type IssueSeverity = (typeof IssueSeverity)[keyof typeof IssueSeverity];
