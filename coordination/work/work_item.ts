import { WorkRefusal } from "../../enums/work_refusal.ts";
import { checkLabels } from "../check_labels.ts";
import { checkIdentifier } from "../identifiers.ts";
import { checkRange } from "../lease_timing.ts";
import { storedBytes, toJsonText } from "./json_text.ts";
import { WorkRefusedError } from "./work_errors.ts";

/** Something to be done by one member of the cluster. */
export interface WorkItem {
  /** What to do: any JSON value. With the labels it must fit 58 KiB; with its result too, 60 KiB. */
  readonly payload: unknown;
  /**
   * Identifies the item: one that was assigned before under the same id, up to `retainMs` after its
   * completion, is not assigned again. Another payload or other labels under it are refused; other
   * limits or another priority change nothing.
   *
   * @default a random text
   */
  readonly id?: string;
  /**
   * Labels that a member must have to be given the item.
   *
   * @default none
   */
  readonly labels?: Readonly<Record<string, string>>;
  /**
   * The greater, the earlier a member takes it, strictly: while there are greater ones a lesser one
   * waits. A whole number from -1,000 to 1,000.
   *
   * @default 0
   */
  readonly priority?: number;
  /**
   * After how many failed attempts it is given up, 1 to 100.
   *
   * @default 5
   */
  readonly maxAttempts?: number;
  /**
   * How long a claim stands without a renewal, in ms, 100 to a day.
   *
   * @default 30_000
   */
  readonly claimMs?: number;
  /**
   * For how long a claim may be renewed although its progress does not grow, in ms.
   *
   * @default any time, and progress need not be reported
   */
  readonly progressMs?: number;
  /**
   * How long the item waits after its first failed attempt, in ms; doubled with each further one, up
   * to a minute.
   *
   * @default 1_000
   */
  readonly backoffMs?: number;
}

/** A {@link WorkItem} with everything filled in and checked. */
export interface WorkOrder {
  /** See {@link WorkItem.id}. */
  readonly id: string;
  /** See {@link WorkItem.payload}; as JSON. */
  readonly payload: string;
  /** See {@link WorkItem.labels}. */
  readonly labels: Readonly<Record<string, string>>;
  /** See {@link WorkItem.priority}. */
  readonly priority: number;
  /** See {@link WorkItem.maxAttempts}. */
  readonly maxAttempts: number;
  /** See {@link WorkItem.claimMs}. */
  readonly claimMs: number;
  /** See {@link WorkItem.progressMs}; null for any time. */
  readonly progressMs: number | null;
  /** See {@link WorkItem.backoffMs}. */
  readonly backoffMs: number;
}

/** What an order's numbers may be. */
export const ORDER_BOUNDS = {
  priority: { min: -1_000, max: 1_000 },
  attempts: { min: 1, max: 100 },
  claimMs: { min: 100, max: 86_400_000 },
  progressMs: { min: 1, max: 86_400_000 },
  backoffMs: { min: 0, max: 86_400_000 },
} as const;

const DEFAULT_ATTEMPTS = 5;
const DEFAULT_CLAIM_MS = 30_000;
const DEFAULT_BACKOFF_MS = 1_000;
/** What payload, labels, and result or error may take together; a value of the store holds 64 KiB. */
const CONTENT_MAX_BYTES = 60 * 1_024;
/**
 * What is kept free of that for a result or an error, so that whatever was acknowledged can be ended.
 * An error of 1,024 characters takes it all; a record never holds both.
 */
export const RESULT_MIN_BYTES = 2 * 1_024;

/**
 * @returns The item with its defaults.
 * @throws {TypeError} when the id or a label is no proper text, or the payload is not JSON.
 * @throws {RangeError} when a number is out of range.
 * @throws {WorkRefusedError} when it is too large for the store.
 */
export function resolveWorkItem(item: WorkItem): WorkOrder {
  const { priority = 0, maxAttempts = DEFAULT_ATTEMPTS, claimMs = DEFAULT_CLAIM_MS } = item;
  const { progressMs, backoffMs = DEFAULT_BACKOFF_MS } = item;
  const order: WorkOrder = {
    id: checkIdentifier("id", item.id ?? crypto.randomUUID()),
    payload: toJsonText("payload", item.payload),
    labels: checkLabels(item.labels),
    priority: checkWhole("priority", priority, ORDER_BOUNDS.priority),
    maxAttempts: checkWhole("maxAttempts", maxAttempts, ORDER_BOUNDS.attempts),
    claimMs: checkBounds("claimMs", claimMs, ORDER_BOUNDS.claimMs),
    progressMs: progressMs === undefined
      ? null
      : checkBounds("progressMs", progressMs, ORDER_BOUNDS.progressMs),
    backoffMs: checkBounds("backoffMs", backoffMs, ORDER_BOUNDS.backoffMs),
  };
  if (contentBytes(order, null, null) > CONTENT_MAX_BYTES - RESULT_MIN_BYTES) {
    throw new WorkRefusedError(order.id, WorkRefusal.TOO_LARGE);
  }
  return order;
}

/**
 * Refuses a result that does not fit the record.
 *
 * @throws {WorkRefusedError} when it does not.
 */
export function checkContent(order: WorkOrder, result: string): void {
  if (contentBytes(order, result, null) > CONTENT_MAX_BYTES) {
    throw new WorkRefusedError(order.id, WorkRefusal.TOO_LARGE);
  }
}

/** @returns How many bytes the application's part of a record takes. */
export function contentBytes(
  { payload, labels }: WorkOrder,
  result: string | null,
  error: string | null,
): number {
  let bytes = storedBytes(payload) + storedBytes(result ?? "") + storedBytes(error ?? "");
  for (const [name, value] of Object.entries(labels)) bytes += storedBytes(name + value);
  return bytes;
}

interface Bounds {
  readonly min: number;
  readonly max: number;
}

function checkBounds(name: string, value: number, { min, max }: Bounds): number {
  checkRange(name, value, min, max);
  return value;
}

function checkWhole(name: string, value: number, bounds: Bounds): number {
  checkBounds(name, value, bounds);
  if (!Number.isInteger(value)) {
    throw new RangeError(`${name} must be a whole number, got ${value}`);
  }
  return value;
}
