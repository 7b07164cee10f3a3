import type { WorkStatus } from "../../enums/work_status.ts";

/** Which items are listed. */
export interface WorkFilter {
  /**
   * Only items that stand so.
   *
   * @default all
   */
  readonly status?: WorkStatus;
  /**
   * Only items that this member has, or had last.
   *
   * @default all
   */
  readonly assignee?: string;
  /**
   * Only items whose ids come after this one, in the order of ids; the empty text is before all of
   * them. With the last id of a list it goes on where that ended; to go through ready or claimed
   * items so, begin with the empty text, for without it they are listed in another order.
   *
   * @default all: ready ones in the order of claiming, claimed ones by member, others by id
   */
  readonly after?: string;
  /**
   * How many at most, 1 to 1,000.
   *
   * @default 100
   */
  readonly limit?: number;
}
