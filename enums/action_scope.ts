/** Where in a cluster an action runs. */
export const ActionScope = {
  /** Once in the cluster: on the leader. */
  CLUSTER: "cluster",
  /** On the node that it is about, whoever leads. */
  NODE: "node",
} as const;

/** Where in a cluster an action runs. */
export type ActionScope = (typeof ActionScope)[keyof typeof ActionScope];
