import { ConsensusReason } from "../enums/consensus_reason.ts";
import type { FallbackMode } from "../enums/fallback_mode.ts";
import { MemberStatus } from "../enums/member_status.ts";
import type { ClusterKeys, ClusterSnapshot } from "./cluster_snapshot.ts";
import { ConsensusDecision } from "./consensus_decision.ts";
import { decisionFields, type DecisionRecord } from "./decision_record.ts";
import { encodeRecord } from "./election_records.ts";
import type { KvStore } from "./kv_store.ts";
import type { MemberObserver } from "./member_observer.ts";
import { PREPARE_SHARE } from "./lease_timing.ts";
import type { PulseContribution, PulseMember } from "./pulse_member.ts";
import { tallyVotes } from "./tally_votes.ts";
import type { Term } from "./term.ts";

/** Options of {@link ConsensusDuty}. */
export interface ConsensusDutyOptions {
  /** The term under whose fence it is done. */
  readonly term: Term;
  /** Where the cluster is. */
  readonly keys: ClusterKeys;
  /** The port. */
  readonly store: KvStore;
  /** Reads the cluster within so many ms, and shows it to the observer. */
  readonly look: (timeoutMs: number) => Promise<ClusterSnapshot>;
  /** Judges the members. */
  readonly observer: MemberObserver;
  /** How often to decide, in ms. */
  readonly heartbeatMs: number;
  /** Deadline of one attempt, in ms. */
  readonly attemptTimeoutMs: number;
  /** How long a member must have been silent to be evicted, in ms. */
  readonly evictAfterMs: number;
  /** The share of members that must vote. */
  readonly quorumThreshold: number;
  /** How many members there should be; undefined to go by the registered ones. */
  readonly expectedMembers: number | undefined;
  /** Hears of decisions and faults. */
  readonly events: ConsensusDutyEvents;
}

/** What a {@link ConsensusDuty} tells. */
export interface ConsensusDutyEvents {
  /** A member's vote could not be read. */
  malformedVote(): void;
  /** A decision was published. */
  decided(decision: ConsensusDecision): void;
  /** A member that had been dead for long was removed. */
  evicted(instanceId: string): void;
  /** It could not be done this time. */
  failed(error: unknown): void;
}

/** More dead members than this wait for the next interval. */
const EVICTED_MAX = 100;

/** What a leader does once an interval: reads the votes, publishes the decision, evicts the dead. */
export class ConsensusDuty implements PulseMember {
  readonly #options: ConsensusDutyOptions;
  #pending: Omit<DecisionRecord, "nonce" | "writtenAt"> | null = null;
  /** Of the decision that is replaced, as we know it. */
  #replacedStamp: string | null = null;
  #evicted: readonly string[] = [];
  #previousMode: FallbackMode | undefined;

  /** @param options What is decided, and under which term. */
  constructor(options: ConsensusDutyOptions) {
    this.#options = options;
  }

  /** How often it is written, in ms. */
  get intervalMs(): number {
    return this.#options.heartbeatMs;
  }

  /** Deadline of one attempt, in ms. */
  get timeoutMs(): number {
    return this.#options.attemptTimeoutMs;
  }

  /** How many checks a decision has. */
  get checkCount(): number {
    return 2;
  }

  /** Reads the members and counts their votes. What cannot be read in time is decided next time. */
  async prepare(): Promise<void> {
    const { look, attemptTimeoutMs, events } = this.#options;
    this.#pending = null;
    try {
      const snapshot = await look(attemptTimeoutMs * PREPARE_SHARE);
      this.#replacedStamp = snapshot.decision?.versionstamp ?? null;
      this.#evicted = this.#longDead(snapshot);
      this.#pending = this.#decide(snapshot);
    } catch (error) {
      events.failed(error);
    }
  }

  /** What to write now. It checks what it replaces, so that an old decision cannot come again. */
  contribute(nonce: string): PulseContribution | null {
    const { term, keys, store } = this.#options;
    if (this.#pending === null || !term.isValid()) return null;
    const writtenAt = new Date(store.clock.now()).toISOString();
    const fields = decisionFields({ ...this.#pending, nonce, writtenAt });
    return {
      checks: [term.check, { key: keys.decision, versionstamp: this.#replacedStamp }],
      sets: [{ key: keys.decision, value: encodeRecord(fields) }],
      deletes: this.#evicted.map((instanceId) => [...keys.members, instanceId]),
      witness: keys.decision,
    };
  }

  /** Takes note of a commit. */
  committed(): void {
    const decision = this.#pending!.decision;
    if (decision.reason === null) this.#previousMode = decision.fallbackMode;
    this.#options.events.decided(decision);
    for (const instanceId of this.#evicted) this.#options.events.evicted(instanceId);
  }

  /** What stands there while the term does is for us to replace: our own, late, or a foreign value. */
  refused([fence, decision]: readonly Deno.KvEntryMaybe<unknown>[]): "retry" | "drop" {
    this.#replacedStamp = decision!.versionstamp;
    return fence!.versionstamp === this.#options.term.check.versionstamp ? "retry" : "drop";
  }

  /** Takes note that the outcome is not known. */
  unknown(error: unknown): void {
    this.#options.events.failed(error);
  }

  #decide(snapshot: ClusterSnapshot): Omit<DecisionRecord, "nonce" | "writtenAt"> {
    const { observer, quorumThreshold, expectedMembers = 0, term } = this.#options;
    const withStatus = snapshot.members.map(({ record }) => ({
      record,
      status: observer.statusOf(record.instanceId) ?? this.#unknownStatus(record.instanceId),
    }));
    const idsOf = (wanted: MemberStatus) =>
      withStatus.filter(({ status }) => status === wanted).map(({ record }) => record.instanceId);
    const votes = withStatus.filter(({ status }) => status === MemberStatus.ALIVE)
      .map(({ record }) => record.vote);
    const registered = snapshot.members.length + snapshot.corruptMembers;
    const members = Math.max(expectedMembers, registered);
    const held = this.#previousMode ?? agreedMode(snapshot);
    const tally = tallyVotes(votes, {
      members,
      threshold: quorumThreshold,
      ...(held && { previousMode: held }),
    });
    for (let i = 0; i < tally.malformedVotes; i++) this.#options.events.malformedVote();
    return {
      decision: new ConsensusDecision({
        circuitState: tally.circuitState,
        fallbackMode: tally.fallbackMode,
        leaderInstance: term.holderId,
        quorumMet: tally.quorumMet,
        votingInstances: tally.votingInstances,
        registeredInstances: members,
        consensusStrength: tally.consensusStrength,
        term: term.term,
        reason: tally.reason,
      }),
      suspect: idsOf(MemberStatus.SUSPECT),
      dead: idsOf(MemberStatus.DEAD),
    };
  }

  /** A leader knows of itself that it lives; a vote of anybody else may be a dead process's. */
  #unknownStatus(instanceId: string): MemberStatus {
    return instanceId === this.#options.term.holderId ? MemberStatus.ALIVE : MemberStatus.SUSPECT;
  }

  /** Evicted with the decision. One that comes back just then registers again at its next beat. */
  #longDead(snapshot: ClusterSnapshot): string[] {
    const { observer, evictAfterMs } = this.#options;
    return snapshot.members.map(({ record }) => record.instanceId)
      .filter((id) => observer.statusOf(id) === MemberStatus.DEAD)
      .filter((id) => observer.silentMs(id) >= evictAfterMs)
      .slice(0, EVICTED_MAX);
  }
}

/** @returns The mode that the cluster agreed on before this leader, and held on splits since. */
function agreedMode({ decision }: ClusterSnapshot): FallbackMode | undefined {
  const reason = decision?.decision.reason;
  const isAgreed = reason === null || reason === ConsensusReason.SPLIT;
  return isAgreed ? decision?.decision.fallbackMode : undefined;
}
