/** Why a consensus decision is not to be applied. */
export const ConsensusReason = {
  /** No member has voted. */
  NO_VOTES: "no_votes",
  /** Fewer members voted than the quorum needs. */
  NO_QUORUM: "no_quorum",
  /** Enough voted, and no value has a strict majority. */
  SPLIT: "split",
  /** This node cannot reach the store, so it cannot know. */
  STORE_UNAVAILABLE: "store_unavailable",
} as const;

/** Why a consensus decision is not to be applied. */
export type ConsensusReason = (typeof ConsensusReason)[keyof typeof ConsensusReason];
