import { checkIdentifier } from "../identifiers.ts";
import { checkRange } from "../lease_timing.ts";
import { WorkStatus } from "../../enums/work_status.ts";
import type { WorkFilter } from "./work_filter.ts";
import type { WorkItem } from "./work_item.ts";

const LIST_MAX = 1_000;

/**
 * Refuses what is no item at all; its fields are looked at by `resolveWorkItem`.
 *
 * @throws {TypeError} when it, or its labels, are no object.
 */
export function checkWorkItem(item: WorkItem): WorkItem {
  checkObject("item", item);
  if (item.labels !== undefined) checkObject("labels", item.labels);
  return item;
}

/**
 * Refuses what are no options of a call that waits; its other fields are looked at by the call.
 *
 * @throws {TypeError} when they are no object, or the signal is none.
 */
export function checkWaitOptions<T extends { readonly signal?: AbortSignal | undefined }>(
  options: T,
): T {
  const { signal } = checkObject("options", options);
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw new TypeError(`signal must be an AbortSignal, got ${kindOf(signal)}`);
  }
  return options;
}

/**
 * Refuses a filter that makes no sense.
 *
 * @throws {TypeError} when it is no object, or a field is not what it should be.
 * @throws {RangeError} when the limit is out of range.
 */
export function checkWorkFilter(filter: WorkFilter): WorkFilter {
  const { status, assignee, after, limit = 1 } = checkObject("filter", filter);
  if (status !== undefined && !STATUSES.includes(status)) {
    throw new TypeError(`status must be one of ${STATUSES.join(", ")}, got ${String(status)}`);
  }
  if (assignee !== undefined) checkIdentifier("assignee", assignee);
  if (after !== undefined && after !== "") checkIdentifier("after", after);
  checkRange("limit", limit, 1, LIST_MAX);
  return filter;
}

const STATUSES: readonly WorkStatus[] = Object.values(WorkStatus);

function checkObject<T extends object>(name: string, value: T): T {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  throw new TypeError(`${name} must be an object, got ${kindOf(value)}`);
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "a list" : typeof value;
}
