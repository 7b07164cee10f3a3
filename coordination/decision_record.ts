import { canonical } from "../enums/canonical.ts";
import { CircuitState } from "../enums/circuit_state.ts";
import { ConsensusReason } from "../enums/consensus_reason.ts";
import { FallbackMode } from "../enums/fallback_mode.ts";
import { ConsensusDecision, SPLIT_BRAIN } from "./consensus_decision.ts";
import { RecordFields } from "./record_fields.ts";

/** What the leader publishes once an interval. */
export interface DecisionRecord {
  /** What the cluster decided. */
  readonly decision: ConsensusDecision;
  /** Members that the leader takes for suspect; at most {@link LISTED_MAX}. */
  readonly suspect: readonly string[];
  /** Members that the leader takes for dead; at most {@link LISTED_MAX}. */
  readonly dead: readonly string[];
  /** Identifies the commit that wrote this record. */
  readonly nonce: string;
  /** When it was written, UTC ISO by the leader's clock: for people. */
  readonly writtenAt: string;
}

/** How many ids are listed at most; the members beyond count in the votes all the same. */
export const LISTED_MAX = 100;
/** How many characters the ids of one list have at most: two lists must fit a value of 64 KiB. */
const LISTED_MAX_LENGTH = 10_000;

const VERDICTS = { ...CircuitState, SPLIT_BRAIN } as const;

/** @returns The stored form, without the version. */
export function decisionFields(record: DecisionRecord): object {
  const { decision, suspect, dead, nonce, writtenAt } = record;
  return {
    ...decision.toDict(),
    suspect: listed(suspect),
    dead: listed(dead),
    nonce,
    writtenAt,
  };
}

/**
 * @returns The record; null when there is none.
 * @throws {CorruptRecordError} when something else stands there.
 */
export function parseDecisionRecord(entry: Deno.KvEntryMaybe<unknown>): DecisionRecord | null {
  if (entry.versionstamp === null) return null;
  const fields = new RecordFields(entry.key, entry.value);
  const count = (name: string) => fields.integer(name, 0, Number.MAX_SAFE_INTEGER);
  const one = <T extends string>(name: string, members: Readonly<Record<string, T>>): T => {
    const found = canonical(members, fields.raw(name));
    if (found !== undefined) return found;
    throw fields.fault(`"${name}" is none of ${Object.values(members).join(", ")}`);
  };
  const decision = new ConsensusDecision({
    circuitState: one("circuit_state", VERDICTS),
    fallbackMode: one("fallback_mode", FallbackMode),
    leaderInstance: fields.textOrNull("leader_instance"),
    quorumMet: fields.raw("quorum_met") === true,
    votingInstances: count("voting_instances"),
    registeredInstances: count("registered_instances"),
    consensusStrength: fields.number("consensus_strength", 0, 1),
    term: count("term"),
    reason: fields.raw("reason") === null ? null : one("reason", ConsensusReason),
  });
  return {
    decision,
    suspect: fields.textList("suspect"),
    dead: fields.textList("dead"),
    nonce: fields.text("nonce"),
    writtenAt: fields.text("writtenAt"),
  };
}

function listed(ids: readonly string[]): string[] {
  let length = 0;
  return ids.slice(0, LISTED_MAX).filter((id) => (length += id.length) <= LISTED_MAX_LENGTH);
}
