/** What became of a recovery action that was asked for. */
export const RecoveryResult = {
  /** It ran, and helped as far as anybody looked. */
  SUCCESS: "success",
  /** It threw, took too long, or did not help. */
  FAILED: "failed",
  /** It ran too recently, or failed too recently. */
  SKIPPED_COOLDOWN: "skipped_cooldown",
  /** It would have run, but for the dry run. */
  SKIPPED_DRY_RUN: "skipped_dry_run",
  /** It may not run in this phase, or the phase is not known. */
  SKIPPED_PHASE_RESTRICTION: "skipped_phase_restriction",
  /** The condition of its step does not hold. */
  CONDITION_NOT_MET: "condition_not_met",
  /** The condition of its step cannot be answered. */
  CONDITION_ERROR: "condition_error",
  /** It, or recovery as a whole, is switched off. */
  SKIPPED_DISABLED: "skipped_disabled",
  /** Nothing is there that would do it. */
  SKIPPED_NO_HANDLER: "skipped_no_handler",
  /** Recovery is paused. */
  SKIPPED_PAUSED: "skipped_paused",
  /** It is for the leader to do, and this node does not lead. */
  SKIPPED_NOT_LEADER: "skipped_not_leader",
  /** Too much of the cluster is unwell. */
  SKIPPED_STORM: "skipped_storm",
  /** It did not help too often in a row. */
  SKIPPED_FROZEN: "skipped_frozen",
  /** Too many actions ran in the last hour. */
  SKIPPED_RATE_LIMIT: "skipped_rate_limit",
  /** Safe mode was entered too often in the last day. */
  SKIPPED_SAFE_MODE_LIMIT: "skipped_safe_mode_limit",
  /** No policy is about the anomaly: nothing was asked for. */
  NO_POLICY: "no_policy",
  /** The anomaly is not severe enough for its policy: nothing was asked for. */
  BELOW_THRESHOLD: "below_threshold",
  /** Too many actions wait for their turn. */
  SKIPPED_CONCURRENCY: "skipped_concurrency",
} as const;

/** What became of a recovery action that was asked for. */
export type RecoveryResult = (typeof RecoveryResult)[keyof typeof RecoveryResult];
