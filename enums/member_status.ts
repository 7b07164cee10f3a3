/** What the cluster believes about a registered member. */
export const MemberStatus = {
  /** Its heartbeat changes as promised. */
  ALIVE: "alive",
  /** It missed several heartbeats. */
  SUSPECT: "suspect",
  /** It has been silent for so long that it is taken for gone. */
  DEAD: "dead",
} as const;

/** What the cluster believes about a registered member. */
export type MemberStatus = (typeof MemberStatus)[keyof typeof MemberStatus];
