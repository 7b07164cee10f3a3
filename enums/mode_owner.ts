/** Who asks for a fallback mode; listed by rank, the highest first. */
export const ModeOwner = {
  /** A person. */
  OPERATOR: "operator",
  /** A recovery action. */
  RECOVERY: "recovery",
  /** What the cluster decided. */
  CONSENSUS: "consensus",
  /** The node's own choice by its health. */
  CASCADE: "cascade",
} as const;

/** Who asks for a fallback mode; listed by rank, the highest first. */
export type ModeOwner = (typeof ModeOwner)[keyof typeof ModeOwner];
