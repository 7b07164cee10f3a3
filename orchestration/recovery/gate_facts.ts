/**
 * What the gate goes by besides the rules, as it was at the moment of the decision. Plain data with
 * wire keys: it is kept with each decision, so that the decision can be made again.
 */
export interface GateFacts {
  /** The moment, in ms since 1970 by the ledger's clock. */
  readonly at_ms: number;
  /** Whether recovery as a whole is switched on. */
  readonly enabled: boolean;
  /** Whether actions are only told of. */
  readonly dry_run: boolean;
  /** Whether there is something that does the action. */
  readonly has_handler: boolean;
  /** Whether this node leads; null outside a cluster, and for what each node does for itself. */
  readonly leading: boolean | null;
  /** The phase; null when nobody tells of phases. */
  readonly phase: string | null;
  /** Why the phase is not known; null when it is. */
  readonly phase_fault: string | null;
  /** The share of members that are alive, 0 to 1; null outside a cluster. */
  readonly alive_share: number | null;
  /** The share of members that are alive and say that they are well, 0 to 1; null likewise. */
  readonly healthy_share: number | null;
  /** When too few were, for the last time, in ms since 1970; null for never. */
  readonly storm_seen_ms: number | null;
  /** Why and by whom recovery is paused; null when it is not. */
  readonly pause: string | null;
  /** When the action ended last, in ms since 1970; null for never. */
  readonly last_ended_ms: number | null;
  /** How often in a row it has failed. */
  readonly failures_in_row: number;
  /** Until when it is left alone, as it did not help, in ms since 1970; null when it is not. */
  readonly frozen_until_ms: number | null;
  /** How many actions began in the last hour. */
  readonly runs_last_hour: number;
  /** When the first of them began, in ms since 1970; null for none. */
  readonly first_run_ms: number | null;
  /** How often safe mode was entered in the last day. */
  readonly safe_modes_last_day: number;
  /** When the first of these began, in ms since 1970; null for none. */
  readonly first_safe_mode_ms: number | null;
  /** The action's place among those that wait for their turn, from 1; 0 when it is its turn. */
  readonly waiting: number;
}
