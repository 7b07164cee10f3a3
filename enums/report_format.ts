/** The form of a report. */
export const ReportFormat = {
  /** JSON. */
  JSON: "json",
  /** A page for a browser. */
  HTML: "html",
  /** XML as JUnit writes it. */
  JUNIT: "junit",
  /** Plain XML. */
  XML: "xml",
  /** Comma-separated values. */
  CSV: "csv",
} as const;

/** The form of a report. */
export type ReportFormat = (typeof ReportFormat)[keyof typeof ReportFormat];
