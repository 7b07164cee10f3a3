import type { Told } from "./process_journal.ts";

/** How a member process of the durable scenarios behaves. */
export interface DurableSettings {
  readonly leaseMs: number;
  /** Where effects are left, and where the files are that let the step `costs` go on. */
  readonly folder: string;
  /** What it does when it leads. */
  readonly duty: "work" | "nothing";
  /** The step that it never gets to begin, or the run's `end`. @default it stops before nothing */
  readonly stopsBefore?: string;
  /**
   * Under what it records: its term, the term without asking first whether it is still valid, or
   * nothing but that it owns the run.
   */
  readonly records: "under_term" | "without_asking" | "as_owner";
}

/** What a member process of the durable scenarios told. */
export interface DurableEvent extends Told {
  readonly event: "elected" | "stopped" | "recorded" | "ended" | "refused" | "failed";
  /** The term under which it leads. */
  readonly term?: number;
  /** The step that it recorded, or before which it stopped. */
  readonly step?: string;
  /** How the run's steps ended, by step. */
  readonly statuses?: Readonly<Record<string, string>>;
  readonly code?: string;
  readonly message?: string;
}

/** The run that the members work on. */
export const RUN_ID = "r-1";
