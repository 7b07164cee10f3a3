import type { StoreMetrics } from "../../coordination/store_metrics.ts";
import type { WorkMetrics } from "../../coordination/work/work_counters.ts";
import type { Told } from "./process_journal.ts";

/** How a member process of the work scenarios behaves. */
export interface WorkSettings {
  readonly leaseMs: number;
  /** How many items it submits; their ids are its own id and a number. */
  readonly submits: number;
  /** How many of them at once. */
  readonly submitsAtOnce: number;
  /** How many claims it holds at once. */
  readonly maxClaims: number;
  /** How long it works on an item, in ms. */
  readonly workMs: number;
  /** How long a claim stands without a renewal, in ms. */
  readonly claimMs: number;
  /** Whether it tells of each item and leaves a trace of each attempt; otherwise of itself only. */
  readonly isTelling: boolean;
}

/** What a member process of the work scenarios told. */
export interface WorkEvent extends Told {
  readonly event:
    | "started"
    | "elected"
    | "acknowledged"
    | "claimed"
    | "completed"
    | "refused"
    | "doubled"
    | "submitted"
    | "stopped"
    | "failed";
  readonly term?: number;
  readonly id?: string;
  readonly attempt?: number;
  readonly name?: string;
  readonly reason?: string;
  readonly message?: string;
  /** What the process did about work, told when it stops. */
  readonly work?: WorkMetrics | null;
  /** What it asked of the store, told when it stops. */
  readonly store?: StoreMetrics;
}
