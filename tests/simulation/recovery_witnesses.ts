/** States of recovery that a thousand seeds are all but sure to have been in, by what they exercise. */
export const RECOVERY_WITNESSES: Readonly<Record<string, readonly string[]>> = {
  "R1 R2": [
    "a leader died between decision and effect",
    "a leader died during an effect",
    "a leader died between effect and outcome",
    "a leader died during verification",
    "a leader died between two steps",
    "the answer about a decision was lost",
  ],
  "R3": [
    "an action was given up after interruptions",
    "an action was resumed",
    "an effect of a later attempt",
    "an action was tried again",
  ],
  "R4": [
    "as many actions as may be",
    "result skipped_rate_limit",
    "result skipped_safe_mode_limit",
    "result skipped_cooldown",
    "result skipped_frozen",
    "result skipped_paused",
    "result skipped_storm",
  ],
  "R5": ["anomalies were taken as one", "a request was taken", "an anomaly was ignored"],
  "R6": ["a step was brought on by a failure", "a refusal was counted, not told again"],
  "R7": ["chains came to their ends", "the store was set back"],
  "R8": ["a leader's commit was refused", "a commit stayed unknown", "a later leader works"],
};
