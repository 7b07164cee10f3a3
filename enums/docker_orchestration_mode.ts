/** How containers are used by a test run. */
export const DockerOrchestrationMode = {
  /** Containers of its own for each run. */
  DEDICATED: "dedicated",
  /** Containers that several runs use at the same time. */
  SHARED: "shared",
  /** Containers that stay when the run ends. */
  PERSISTENT: "persistent",
  /** Containers are started at once. */
  PARALLEL: "parallel",
  /** Containers are started one after the other. */
  SEQUENTIAL: "sequential",
  /** Containers for background tasks. */
  BACKGROUND: "background",
  /** Only the services that the tests need. */
  MINIMAL: "minimal",
  /** The usual services. */
  STANDARD: "standard",
  /** All services, with more memory and processor. */
  INTENSIVE: "intensive",
  /** Containers are removed, nothing runs. */
  CLEANUP_ONLY: "cleanup_only",
  /** Containers are looked at, nothing runs. */
  VALIDATION_ONLY: "validation_only",
  /** No containers. */
  DISABLED: "disabled",
} as const;

/** How containers are used by a test run. */
export type DockerOrchestrationMode =
  (typeof DockerOrchestrationMode)[keyof typeof DockerOrchestrationMode];
