/**
 * The vocabulary: every status, mode and reason that Baton writes or reads, defined once. Each is a
 * const object with a union type of the same name.
 *
 * @example Compare with the set, not with a literal
 * ```ts
 * import { MemberStatus } from "@baton/orchestration/enums";
 *
 * const status: MemberStatus = "alive";
 * if (status !== MemberStatus.ALIVE) throw new Error("unreachable");
 * ```
 *
 * @module
 */

export { BallotReason } from "./ballot_reason.ts";
export { BallotRefusal } from "./ballot_refusal.ts";
export { BallotStatus } from "./ballot_status.ts";
export { canonical } from "./canonical.ts";
export { CircuitState } from "./circuit_state.ts";
export { ClaimLoss } from "./claim_loss.ts";
export { ConsensusReason } from "./consensus_reason.ts";
export { FallbackMode } from "./fallback_mode.ts";
export { LossCause } from "./loss_cause.ts";
export { MemberStatus } from "./member_status.ts";
export { ResourceHealth } from "./resource_health.ts";
export { RetryState } from "./retry_state.ts";
export { SystemStatus } from "./system_status.ts";
export { VoteRefusal } from "./vote_refusal.ts";
export { WorkRefusal } from "./work_refusal.ts";
export { WorkStatus } from "./work_status.ts";
