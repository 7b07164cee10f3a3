import { describeError } from "../../config/describe_error.ts";
import { CorruptRecordError } from "../errors.ts";
import { coordinationLogger } from "../logger.ts";

/** What one process did about work since it was made. Counters only grow. */
export interface WorkMetrics {
  /** Items that it assigned as leader, those of the inbox included. */
  readonly assigned: number;
  /** Items that it refused as leader. */
  readonly refused: number;
  /** Items that it handed to another leader. */
  readonly handedOver: number;
  /** Attempts that it began. */
  readonly claimed: number;
  /** Attempts whose result it recorded. */
  readonly completed: number;
  /** Attempts that it ended without a result. */
  readonly failed: number;
  /** Items that it gave back before it began them. */
  readonly released: number;
  /** Claims that it lost, or did not renew in time. */
  readonly claimsLost: number;
  /** Renewals that it refused because the work did not get on. */
  readonly stalled: number;
  /** Claims of others that it ended as leader. */
  readonly lapsed: number;
  /** Items that it gave to another member as leader. */
  readonly reassigned: number;
  /** Items that it gave up after their last attempt. */
  readonly dead: number;
  /** Records of work that could not be read or do not fit together, each time they were met. */
  readonly corruptRecords: number;
  /** Times at which the store did not do what it was asked to. */
  readonly failures: number;
  /** The last error of any kind, as text; null for none. */
  readonly lastError: string | null;
}

/** What is counted about work. */
export type WorkCount = Exclude<keyof WorkMetrics, "lastError">;

/** Counts what happens to work and remembers the last error. */
export class WorkCounters {
  readonly #counts: Record<WorkCount, number> = {
    assigned: 0,
    refused: 0,
    handedOver: 0,
    claimed: 0,
    completed: 0,
    failed: 0,
    released: 0,
    claimsLost: 0,
    stalled: 0,
    lapsed: 0,
    reassigned: 0,
    dead: 0,
    corruptRecords: 0,
    failures: 0,
  };
  #lastError: string | null = null;

  /** Counts one. */
  count(what: WorkCount): void {
    this.#counts[what]++;
  }

  /** Counts an error: a record that cannot be read, or a failure of the store. */
  fault(error: unknown): void {
    this.count(error instanceof CorruptRecordError ? "corruptRecords" : "failures");
    this.#lastError = describeError(error);
    coordinationLogger.warn("{error}", { error: this.#lastError });
  }

  /**
   * Reads a record, or counts that it cannot be read.
   *
   * @param parse Reads it.
   * @returns What was read; null when it cannot be.
   */
  readable<T>(parse: () => T): T | null {
    try {
      return parse();
    } catch (error) {
      if (!(error instanceof CorruptRecordError)) throw error;
      this.fault(error);
      return null;
    }
  }

  /** @returns The counts so far. */
  read(): WorkMetrics {
    return { ...this.#counts, lastError: this.#lastError };
  }
}
