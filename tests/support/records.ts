import { encodeRecord } from "../../coordination/election_records.ts";
import type { MemberRecord } from "../../coordination/member_record.ts";
import type { Vote } from "../../coordination/tally_votes.ts";

/** A vote for all being well. */
export const WELL: Vote = { circuit_breaker_state: "CLOSED", fallback_mode: "PRIMARY" };

/** A heartbeat, with what a test does not care about filled in. */
export function memberRecord(
  fields: Partial<MemberRecord> & { readonly instanceId: string },
): MemberRecord {
  return {
    incarnation: `${fields.instanceId}-1`,
    nonce: crypto.randomUUID(),
    beat: 1,
    heartbeatMs: 1_000,
    writtenAt: "2026-01-01T00:00:00.000Z",
    labels: {},
    load: 0,
    takesWork: false,
    healthScore: 1,
    vote: WELL,
    state: null,
    ...fields,
  };
}

/** Writes a heartbeat of a member of a cluster, as another process would. */
export async function writeMember(
  kv: Deno.Kv,
  fields: Partial<MemberRecord> & { readonly instanceId: string },
  cluster = "default",
): Promise<void> {
  const key = ["baton", "cluster", cluster, "member", fields.instanceId];
  await kv.set(key, encodeRecord(memberRecord(fields)));
}
