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
   * How many at most, 1 to 1,000.
   *
   * @default 100
   */
  readonly limit?: number;
}
