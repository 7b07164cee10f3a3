import type { HealthState } from "../health/health_state.ts";
import { LEASE_MAX_MS } from "./lease_timing.ts";
import { RecordFields } from "./record_fields.ts";

/** What stands under a member's key: its latest heartbeat. */
export interface MemberRecord {
  /** The member's id, also the last part of the key. */
  readonly instanceId: string;
  /** Identifies the member's process. */
  readonly incarnation: string;
  /** Identifies the commit that wrote this record. */
  readonly nonce: string;
  /** Counts the heartbeats of this process. */
  readonly beat: number;
  /** How often the member promises to write, in ms. */
  readonly heartbeatMs: number;
  /** When it was written, UTC ISO by the member's clock: for people. */
  readonly writtenAt: string;
  /** What the member says about itself. */
  readonly labels: Readonly<Record<string, string>>;
  /** How busy it is. */
  readonly load: number;
  /** Whether it takes work that the leader assigns. */
  readonly takesWork: boolean;
  /** Its health, 0 to 1; null when unknown. */
  readonly healthScore: number | null;
  /** Its vote as it stands: read by the tally, which counts what it cannot read. */
  readonly vote: unknown;
  /** Its health document; null when it has none. */
  readonly state: HealthState | null;
}

/**
 * @returns The record.
 * @throws {CorruptRecordError} when something else stands there.
 */
export function parseMemberRecord(entry: Deno.KvEntry<unknown>): MemberRecord {
  const fields = new RecordFields(entry.key, entry.value);
  const instanceId = fields.text("instanceId");
  if (instanceId !== entry.key.at(-1)) {
    throw fields.fault(`it says it belongs to "${instanceId}"`);
  }
  return {
    instanceId,
    incarnation: fields.text("incarnation"),
    nonce: fields.text("nonce"),
    beat: fields.integer("beat", 0, Number.MAX_SAFE_INTEGER),
    heartbeatMs: fields.number("heartbeatMs", 1, LEASE_MAX_MS),
    writtenAt: fields.text("writtenAt"),
    labels: fields.texts("labels"),
    load: fields.number("load", 0, Number.MAX_VALUE),
    takesWork: fields.raw("takesWork") === true,
    healthScore: fields.raw("healthScore") === null ? null : fields.number("healthScore", 0, 1),
    vote: fields.raw("vote"),
    state: fields.objectOrNull("state") as HealthState | null,
  };
}
