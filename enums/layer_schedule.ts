/** How a layer file says that its layers follow each other (`layer_execution_mode`). */
export const LayerSchedule = {
  /** One after the other, whatever becomes of each. */
  SEQUENTIAL: "sequential",
  /** One after the other, each only when the ones before it went well. */
  WATERFALL: "waterfall",
  /** As `waterfall`, with the background layers beside it. */
  WATERFALL_WITH_BACKGROUND: "waterfall_with_background",
  /** At once, as far as they do not depend on each other. */
  PARALLEL: "parallel",
} as const;

/** How a layer file says that its layers follow each other (`layer_execution_mode`). */
export type LayerSchedule = (typeof LayerSchedule)[keyof typeof LayerSchedule];
