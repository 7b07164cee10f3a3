/** Why an item of work, or its result, was not taken. */
export const WorkRefusal = {
  /** As many items are unfinished as the cluster may have. */
  BACKLOG_FULL: "backlog_full",
  /** An item with another payload or other labels stands under the id. */
  ID_TAKEN: "id_taken",
  /** As many calls of this process wait for the leader as may. */
  INBOX_FULL: "inbox_full",
  /** No live member takes work with these labels. */
  NO_MEMBER: "no_member",
  /** Payload, result and error together do not fit a record of the store. */
  TOO_LARGE: "too_large",
} as const;

/** Why an item of work, or its result, was not taken. */
export type WorkRefusal = (typeof WorkRefusal)[keyof typeof WorkRefusal];
