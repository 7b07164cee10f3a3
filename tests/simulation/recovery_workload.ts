import { parseConfig } from "../../config/files/parse_config.ts";
import { recoveryPoliciesSchema } from "../../config/schemas/recovery_policies.ts";
import type { RecoveryPoliciesDocument } from "../../config/schemas/recovery_policies_document.ts";

/** Kinds of anomalies that nodes tell of; nothing is said of the last one. */
export const ANOMALIES = ["crash_loop", "overheating", "stale_cache", "unheard_of"] as const;

/** Actions, and of each how often an attempt fails, how often it does not help, and who looks. */
export const ACTIONS = {
  restart_service: { failing: 0.5, futile: 0, isVerified: false },
  shift_traffic: { failing: 0.2, futile: 0.6, isVerified: true },
  enter_safe_mode: { failing: 0.1, futile: 0, isVerified: false },
  page: { failing: 0, futile: 0, isVerified: false },
  cool: { failing: 0.1, futile: 0.7, isVerified: true },
  cache_purge: { failing: 0.2, futile: 0.3, isVerified: true },
} as const;

/** The chain that the enumeration of crashes follows: every step of it is taken. */
export const ENUMERATED = "crash_loop";

/** The most that the rules of a simulation let happen. */
export interface SimLimits {
  /** Actions in an hour. */
  readonly perHour: number;
  /** Entries into safe mode in a day. */
  readonly safeModePerDay: number;
}

const TEXT = `
poll_interval: 2
cooldowns: { restart_service: 0.3, shift_traffic: 0.2, enter_safe_mode: 0, page: 0, cool: 0, cache_purge: 0.5 }
recovery_actions:
  restart_service: { timeout: 1, max_retries: 1 }
  shift_traffic: { timeout: 1 }
  enter_safe_mode: { timeout: 1 }
  page: { timeout: 1 }
  cool: { timeout: 1 }
  cache_purge: { timeout: 1 }
recovery_policies:
  crash_loop:
    severity_threshold: 0.3
    escalation_chain:
      - { action: restart_service }
      - { action: shift_traffic, condition: severity >= 0.8 or restart_service_failed }
      - { action: enter_safe_mode, condition: severity >= 0.6 or shift_traffic_failed }
      - { action: page }
  overheating:
    severity_threshold: 0.2
    escalation_chain:
      - { action: cool }
      - { action: shift_traffic, condition: cool_failed or recurrence_count >= 2 }
      - { action: enter_safe_mode, condition: cool_failed and shift_traffic_failed }
  stale_cache:
    severity_threshold: 0
    escalation_chain: [{ action: cache_purge }, { action: cache_purge, condition: cache_purge_failed }]
advanced:
  action_timeout_multiplier: 1
  verification_delay_seconds: 0.15
  max_verification_attempts: 2
  escalation_failure_threshold: 2
  futility_threshold: 1
  futility_freeze_seconds: 1
  storm_cooldown_seconds: 0.5
  min_alive_share: 0.3
  step_delay_seconds: 0.05
  episode_gap_seconds: 1
`;

/** Reads what all simulations go by: before any of them, as reading waits for what no simulated clock knows of. */
export async function readPolicies(): Promise<RecoveryPoliciesDocument> {
  return (await parseConfig(TEXT, recoveryPoliciesSchema)).config;
}

/** @returns The rules of one simulation. */
export function withLimits(
  policies: RecoveryPoliciesDocument,
  { perHour, safeModePerDay }: SimLimits,
): RecoveryPoliciesDocument {
  return {
    ...policies,
    advanced: {
      ...policies.advanced,
      max_actions_per_hour: perHour,
      max_safe_mode_entries_per_day: safeModePerDay,
    },
  };
}
