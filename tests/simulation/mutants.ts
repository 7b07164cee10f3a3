/** A change of the shipped code that switches a guard off. */
export interface Edit {
  /** The file, from the root. */
  readonly file: string;
  /** The text that is replaced; it must stand there exactly once. */
  readonly find: string;
  /** What takes its place. */
  readonly replace: string;
}

/** A guard of the shipped code, and how the code reads without it. */
export interface Mutant extends Edit {
  /** Which guard is off. */
  readonly name: string;
  /** What it is about: the simulator runs schedules that do that. */
  readonly about: "anything" | "clocks" | "work" | "claims" | "ballots" | "recovery";
  /** A second guard that does the same work, and is off too. */
  readonly and?: Edit;
}

/** Guards that are switched off one at a time: the simulator must notice each. */
export const MUTANTS: readonly Mutant[] = [
  {
    name: "fenced operations do not check the term",
    about: "anything",
    file: "coordination/held_term.ts",
    find: "this.#options.store.kv.atomic().check(this.check)",
    replace: "this.#options.store.kv.atomic()",
  },
  {
    name: "the validity of a renewal counts from its answer, however late that comes",
    about: "clocks",
    file: "coordination/held_term.ts",
    find: "this.#renewedAt = sentAt;",
    replace: "this.#renewedAt = momentOf(this.#clock);",
    and: {
      file: "coordination/pulse_batch.ts",
      find: "return Math.max(1, Math.min(shortestMs, usefulMs));",
      replace: "return Math.max(1e6, shortestMs, usefulMs);",
    },
  },
  {
    name: "a suspended machine trusts its monotonic clock",
    about: "anything",
    file: "coordination/lease_validity.ts",
    find: "Math.max(elapsedMs, wallElapsedMs)",
    replace: "(void wallElapsedMs, elapsedMs)",
  },
  {
    name: "a holder trusts its lease for longer than it is",
    about: "anything",
    file: "coordination/lease_timing.ts",
    find: "const VALIDITY_SHARE = 0.8;",
    replace: "const VALIDITY_SHARE = 1.4;",
  },
  {
    name: "a term ends by nothing but its answer",
    about: "anything",
    file: "coordination/held_term.ts",
    find: "if (leftMs > 0) return leftMs;",
    replace: "return Math.max(1, leftMs);",
  },
  {
    name: "any record counts as the answer to our commit",
    about: "anything",
    file: "coordination/kv_store.ts",
    find: "nonceOf(value) === witness.nonce",
    replace: "nonceOf(value) !== undefined",
  },
  {
    name: "an unknown outcome counts as committed",
    about: "anything",
    file: "coordination/kv_store.ts",
    find: "if (failure !== undefined) return this.#unknown(failure);",
    replace: 'if (failure !== undefined) return this.#committed("0".repeat(20));',
  },
  {
    name: "a takeover does not check what it follows",
    about: "anything",
    file: "coordination/election_ledger.ts",
    find: `checks: [
        { key: keys.term, versionstamp: observed.termStamp },
        { key: keys.lease, versionstamp: observed.leaseStamp },
      ],`,
    replace: "checks: [],",
  },
  {
    name: "a takeover keeps the number of the term",
    about: "anything",
    file: "coordination/election_ledger.ts",
    find: "Math.max(observed.term, this.#highestTerm) + 1",
    replace: "Math.max(observed.term, this.#highestTerm, 1)",
  },
  {
    name: "a takeover leaves the fence of the term before",
    about: "anything",
    file: "coordination/election_ledger.ts",
    find: "deletes: observed.fences,",
    replace: "deletes: [],",
  },
  {
    name: "a follower does not wait for the lease",
    about: "anything",
    file: "coordination/lease.ts",
    find: "return nowMs >= untilMs ? ",
    replace: "return nowMs >= 0 ? ",
  },
  {
    name: "a follower goes by its own lease, not the holder's",
    about: "anything",
    file: "coordination/election_ledger.ts",
    find: "...leaseObservation(sighting),",
    replace: "...leaseObservation(sighting), leaseMs: timing.leaseMs,",
  },
  {
    name: "a release does not check its term",
    about: "anything",
    file: "coordination/release_term.ts",
    find: "checks: [{ key: keys.term, versionstamp }, { key: fence, versionstamp }],",
    replace: "checks: [],",
  },
  {
    name: "what a process writes once an interval is not checked",
    about: "anything",
    file: "coordination/pulse_batch.ts",
    find: "checks: distinctChecks(sent),",
    replace: "checks: [],",
  },
  {
    name: "a restarted process keeps its incarnation",
    about: "anything",
    file: "coordination/member_beat.ts",
    find: "readonly incarnation: string = crypto.randomUUID();",
    replace: 'readonly incarnation: string = "the-same";',
  },
  {
    name: "a member votes as often as it likes",
    about: "ballots",
    file: "coordination/ballots/vote_caster.ts",
    find: "versionstamp }, { key, versionstamp: null }],",
    replace: "versionstamp }],",
  },
  {
    name: "a vote does not check that the ballot is open",
    about: "ballots",
    file: "coordination/ballots/vote_caster.ts",
    find:
      "checks: [{ key: keys.ballot(ballot.ballotId), versionstamp }, { key, versionstamp: null }],",
    replace: "checks: [{ key, versionstamp: null }],",
  },
  {
    name: "a ballot is rewritten without a check",
    about: "ballots",
    file: "coordination/ballots/ballot_carrier.ts",
    find: "checks: [{ key, versionstamp: stored.versionstamp }],",
    replace: "checks: [],",
  },
  {
    name: "a ballot is decided by the tally from before its seal",
    about: "ballots",
    file: "coordination/ballots/ballot_carrier.ts",
    find: "const tally = await this.#tally(current);",
    replace: "const tally = this.early ??= await this.#tally(current);",
  },
  {
    name: "an item moves on without a check of how it stands",
    about: "work",
    file: "coordination/work/work_transitions.ts",
    find: "return { key: this.#keys.item(record.id), versionstamp };",
    replace: 'return { key: ["nothing", record.id, versionstamp], versionstamp: null };',
  },
  {
    name: "an item is acknowledged although it is there",
    about: "work",
    file: "coordination/work/work_transitions.ts",
    find: "const absent = { key: this.#keys.item(order.id), versionstamp: null };",
    replace: 'const absent = { key: ["nothing", nonce], versionstamp: null };',
  },
  {
    name: "an acknowledgement does not go with the item",
    about: "work",
    file: "coordination/work/assigner.ts",
    find: 'if (kind === "committed") {',
    replace: "if (kind !== undefined) {",
  },
  {
    name: "a result leaves the backlog as it is",
    about: "work",
    file: "coordination/work/work_transitions.ts",
    find: "backlog: -1n,\n      expireInMs",
    replace: "expireInMs",
  },
  {
    name: "nothing is given up after its last attempt",
    about: "work",
    file: "coordination/work/work_transitions.ts",
    find: "const isLast = attempt >= maxAttempts;",
    replace: "const isLast = attempt > maxAttempts;",
  },
  {
    name: "a claim never lapses",
    about: "work",
    file: "coordination/work/lapse_duty.ts",
    find: "return ageMs >= claim.claimMs ?",
    replace: "return ageMs === Infinity ?",
  },
  {
    name: "a claim lapses at once",
    about: "work",
    file: "coordination/work/lapse_duty.ts",
    find: "return ageMs >= claim.claimMs ?",
    replace: "return ageMs >= 0 ?",
  },
  {
    name: "ready items of the dead stay where they are",
    about: "work",
    file: "coordination/work/reassign_duty.ts",
    find: "if (takesWork(members.get(String(assignee.key.at(-1))))) continue;",
    replace: "if (members !== undefined) continue;",
  },
  {
    name: "the validity of a term that was just taken counts from the answer",
    about: "clocks",
    file: "coordination/election_ledger.ts",
    find: "return { record, versionstamp: outcome.versionstamp, sentAt };",
    replace:
      "return { record, versionstamp: outcome.versionstamp, sentAt: momentOf(this.#clock) };",
    and: {
      file: "coordination/election_ledger.ts",
      find: "witness: { key: keys.term, nonce },\n    }, { timeoutMs: timing.attemptTimeoutMs });",
      replace: "witness: { key: keys.term, nonce },\n    }, { timeoutMs: 1e6 });",
    },
  },
  {
    name: "a registration does not check the generation of its place",
    about: "anything",
    file: "coordination/member_place.ts",
    find: "checks: [member, generation],",
    replace: "checks: [member],",
  },
  {
    name: "a claim that was let go is relied on",
    about: "claims",
    file: "coordination/work/held_claim.ts",
    find: "return this.#isLetGo ? 0 : leftMs;",
    replace: "return leftMs;",
  },
  {
    name: "a claim outlives its member's standing",
    about: "claims",
    file: "coordination/work/held_claim.ts",
    find: "Math.max(0, Math.min(ownMs, standingMs()))",
    replace: "(void standingMs, Math.max(0, ownMs))",
  },
  {
    name: "an assignment is not fenced",
    about: "work",
    file: "coordination/work/work_transitions.ts",
    find: "      checks: [fence],\n      copyTo: this.#keys.readyAt(assignee, priority, order),",
    replace:
      "      checks: [],\n      copyTo: (void fence, this.#keys.readyAt(assignee, priority, order)),",
  },
  {
    name: "a ballot that is decided counts as open",
    about: "ballots",
    file: "coordination/ballots/ballot_carrier.ts",
    find: "sums: [{ key: keys.openCount, amount: -1n }],",
    replace: "sums: [],",
  },
  {
    name: "calls that hang hold others back for ever",
    about: "anything",
    file: "coordination/open_calls.ts",
    find: "this.#forget(this.#givenUp());",
    replace: "",
  },
];
