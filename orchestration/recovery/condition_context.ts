/**
 * What a condition is asked about. Only properties of the object itself are looked at. A variable
 * may be absent as long as no condition comes to need it; a flag that is absent, or null, is false.
 */
export interface ConditionContext {
  /** How severe the anomaly is, from 0 to 1; a word where it is only ever tested for being equal. */
  readonly severity?: number | string | null;
  /** How often the anomaly came back. */
  readonly recurrence_count?: number | string | null;
  /** How sure the detection is, from 0 to 1. */
  readonly confidence?: number | string | null;
  /** Which step of the chain it is, from 1. */
  readonly step?: number | string | null;
  /** How long the anomaly has lasted, in seconds. */
  readonly duration?: number | string | null;
  /** Whether something failed: `previous_step_failed`, or an action, such as `restart_failed`. */
  readonly [flag: `${string}_failed`]: boolean | null | undefined;
}
