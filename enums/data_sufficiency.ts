/** Whether the data of a user's request allow what the user asks for. */
export const DataSufficiency = {
  /** They allow all of it. */
  SUFFICIENT: "sufficient",
  /** They allow a part of it. */
  PARTIAL: "partial",
  /** They allow nothing yet. */
  INSUFFICIENT: "insufficient",
  /** Nobody could tell. */
  UNKNOWN: "unknown",
} as const;

/** Whether the data of a user's request allow what the user asks for. */
export type DataSufficiency = (typeof DataSufficiency)[keyof typeof DataSufficiency];
