/** What a progress event tells. */
export const ProgressEventType = {
  /** A layer began. */
  LAYER_STARTED: "layer_started",
  /** A layer ended well. */
  LAYER_COMPLETED: "layer_completed",
  /** A layer ended badly. */
  LAYER_FAILED: "layer_failed",
  /** A layer was not run. */
  LAYER_SKIPPED: "layer_skipped",
  /** A layer went on. */
  LAYER_PROGRESS: "layer_progress",
  /** A category began. */
  CATEGORY_STARTED: "category_started",
  /** A category ended well. */
  CATEGORY_COMPLETED: "category_completed",
  /** A category ended badly. */
  CATEGORY_FAILED: "category_failed",
  /** A category was not run. */
  CATEGORY_SKIPPED: "category_skipped",
  /** A category went on. */
  CATEGORY_PROGRESS: "category_progress",
  /** A test began. */
  TEST_STARTED: "test_started",
  /** A test passed. */
  TEST_COMPLETED: "test_completed",
  /** A test failed. */
  TEST_FAILED: "test_failed",
  /** A test was not run. */
  TEST_SKIPPED: "test_skipped",
  /** A background task was accepted. */
  BACKGROUND_TASK_QUEUED: "background_task_queued",
  /** A background task began. */
  BACKGROUND_TASK_STARTED: "background_task_started",
  /** A background task went on. */
  BACKGROUND_TASK_PROGRESS: "background_task_progress",
  /** A background task ended well. */
  BACKGROUND_TASK_COMPLETED: "background_task_completed",
  /** A background task ended badly. */
  BACKGROUND_TASK_FAILED: "background_task_failed",
  /** The whole run began. */
  ORCHESTRATION_STARTED: "orchestration_started",
  /** The whole run ended well. */
  ORCHESTRATION_COMPLETED: "orchestration_completed",
  /** The whole run ended badly. */
  ORCHESTRATION_FAILED: "orchestration_failed",
  /** A service that a layer needs was checked. */
  SERVICE_DEPENDENCY_CHECK: "service_dependency_check",
  /** Resources were given out or taken back. */
  RESOURCE_ALLOCATION: "resource_allocation",
  /** Something failed that belongs to none of the above. */
  ERROR: "error",
  /** Something looks wrong that belongs to none of the above. */
  WARNING: "warning",
  /** Something worth knowing that belongs to none of the above. */
  INFO: "info",
  /** Something for whoever looks for a fault. */
  DEBUG: "debug",
} as const;

/** What a progress event tells. */
export type ProgressEventType = (typeof ProgressEventType)[keyof typeof ProgressEventType];
