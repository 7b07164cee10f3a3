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

export { canonical } from "./canonical.ts";
export { CircuitState } from "./circuit_state.ts";
export { ConsensusReason } from "./consensus_reason.ts";
export { FallbackMode } from "./fallback_mode.ts";
export { LossCause } from "./loss_cause.ts";
export { MemberStatus } from "./member_status.ts";
export { ResourceStatus } from "./resource_status.ts";
export { RetryState } from "./retry_state.ts";
export { SystemStatus } from "./system_status.ts";
