/** How urgent an alert is. */
export const AlertLevel = {
  /** When there is time. */
  LOW: "low",
  /** Today. */
  MEDIUM: "medium",
  /** Now. */
  HIGH: "high",
  /** Now, whatever the hour. */
  CRITICAL: "critical",
} as const;

/** How urgent an alert is. */
export type AlertLevel = (typeof AlertLevel)[keyof typeof AlertLevel];
