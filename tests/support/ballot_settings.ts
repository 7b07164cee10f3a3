import type { Told } from "./process_journal.ts";

/** How a member process of the ballot scenarios behaves. */
export interface BallotSettings {
  readonly leaseMs: number;
  /** How long it thinks before it votes, in ms. */
  readonly votesAfterMs: number;
  /** The ballot that it opens once it has started. */
  readonly proposes?: { readonly ballotId: string; readonly electors: readonly string[] };
}

/** What a member process of the ballot scenarios told. */
export interface BallotEvent extends Told {
  readonly event: "started" | "proposed" | "voted" | "refused" | "decided" | "failed";
  readonly ballotId?: string;
  readonly choice?: string | null;
  readonly decidedBy?: string;
  readonly decidedStamp?: string;
  readonly voters?: readonly string[];
  readonly isConsistent?: boolean;
  readonly name?: string;
  readonly reason?: string;
}
