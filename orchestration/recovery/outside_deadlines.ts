import type { Clock } from "../../clock.ts";
import { withDeadline } from "../../coordination/deadline.ts";
import type { HealthSource } from "../../health/health_state.ts";
import type { PhaseAwareHandler, RecoveryCluster } from "./recovery_environment.ts";

/** Nothing that recovery asks outside keeps it waiting for longer, in ms. */
const OUTSIDE_MS = 10_000;

/** @returns The source, each of whose answers comes in time or is a `DeadlineError`. */
export function promptHealth(source: HealthSource, clock: Clock): HealthSource {
  return {
    getComprehensiveState: () =>
      Promise.try(() => withDeadline(source.getComprehensiveState(), OUTSIDE_MS, clock)),
  };
}

/** @returns The handler, each of whose answers comes in time or is a `DeadlineError`. */
export function promptPhases(handler: PhaseAwareHandler, clock: Clock): PhaseAwareHandler {
  return {
    assess: (anomaly, phase) =>
      Promise.try(() => withDeadline(handler.assess(anomaly, phase), OUTSIDE_MS, clock)),
  };
}

/** @returns The members of a cluster, in time, or a `DeadlineError`. */
export function promptMembers(
  cluster: RecoveryCluster,
  clock: Clock,
): ReturnType<RecoveryCluster["getNodes"]> {
  return Promise.try(() => withDeadline(cluster.getNodes(), OUTSIDE_MS, clock));
}
