import type { Clock } from "../../clock.ts";
import { describeError } from "../../config/describe_error.ts";
import { MemberStatus } from "../../enums/member_status.ts";
import type { GateFacts } from "./gate_facts.ts";
import { promptMembers } from "./outside_deadlines.ts";
import type { RecoveryCluster, RecoveryEnvironment } from "./recovery_environment.ts";
import { listPauses } from "./recovery_pause.ts";

/** The part of the gate's facts that has to be asked for. */
export type OutsideFacts = Pick<
  GateFacts,
  "leading" | "phase" | "phase_fault" | "alive_share" | "healthy_share" | "pause"
>;

/** A member below this score is not well. */
const WELL_FROM = 0.5;

/**
 * Asks how things are, outside the ledger.
 *
 * @param environment Whom to ask.
 * @param options Whether it is for the leader's lane, and the moment in ms since 1970.
 * @returns The facts.
 * @throws {StoreUnavailableError} when it cannot be told whether recovery is paused, or how many
 * members are alive: nothing is decided without that.
 */
export async function gatherFacts(
  environment: RecoveryEnvironment,
  { isLeader, nowMs }: { readonly isLeader: boolean; readonly nowMs: number },
): Promise<OutsideFacts> {
  const cluster = environment.cluster();
  const [shares, pauses] = await Promise.all([
    isLeader ? sharesOf(cluster, environment.clock) : NO_SHARES,
    // What a clock that is ahead takes for over may still hold.
    listPauses(environment.storage, Math.min(nowMs, environment.clock.now())),
  ]);
  const pause = pauses.map(({ reason, actor, until }) =>
    `${reason} (${actor}${until === null ? "" : `, until ${until}`})`
  ).join("; ");
  return {
    leading: cluster === null ? null : isLeader,
    ...phaseOf(environment),
    ...shares,
    pause: pause === "" ? null : pause,
  };
}

/** @returns The phase, or why it is not known. */
export function phaseOf(
  { stateMachine }: Pick<RecoveryEnvironment, "stateMachine">,
): Pick<GateFacts, "phase" | "phase_fault"> {
  if (stateMachine === null) return { phase: null, phase_fault: null };
  try {
    const told = stateMachine.getCurrentPhase();
    const phase = typeof told === "object" && told !== null && "value" in told ? told.value : told;
    if (typeof phase === "string" && phase !== "") return { phase, phase_fault: null };
    return { phase: null, phase_fault: `the state machine answered with ${typeof phase}` };
  } catch (error) {
    return { phase: null, phase_fault: describeError(error) };
  }
}

const NO_SHARES = { alive_share: null, healthy_share: null } as const;

async function sharesOf(
  cluster: RecoveryCluster | null,
  clock: Clock,
): Promise<Pick<GateFacts, "alive_share" | "healthy_share">> {
  const members = cluster === null ? [] : await promptMembers(cluster, clock);
  if (members.length === 0) return NO_SHARES;
  const alive = members.filter(({ status }) => status === MemberStatus.ALIVE);
  const well = alive.filter(({ healthScore }) => (healthScore ?? 0) >= WELL_FROM);
  return {
    alive_share: alive.length / members.length,
    healthy_share: well.length / members.length,
  };
}
