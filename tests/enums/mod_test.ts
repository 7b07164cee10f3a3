import assert from "node:assert/strict";
import * as enums from "../../enums/mod.ts";

/** Every closed set with its members, spelled as they go over the wire. */
const sets: Record<string, Record<string, string>> = {
  BallotReason: { TIE: "tie", NO_MAJORITY: "no_majority", NO_QUORUM: "no_quorum" },
  BallotRefusal: {
    ID_TAKEN: "id_taken",
    TOO_MANY_OPEN: "too_many_open",
    NO_ELECTORS: "no_electors",
    NOT_DECIDED: "not_decided",
    UNKNOWN_BALLOT: "unknown_ballot",
  },
  BallotStatus: { OPEN: "open", SEALED: "sealed", DECIDED: "decided" },
  CircuitState: { CLOSED: "CLOSED", HALF_OPEN: "HALF_OPEN", OPEN: "OPEN", UNKNOWN: "UNKNOWN" },
  ClaimLoss: { EXPIRED: "expired", SUPERSEDED: "superseded", CLOSED: "closed" },
  ConsensusReason: {
    NO_VOTES: "no_votes",
    NO_QUORUM: "no_quorum",
    SPLIT: "split",
    STORE_UNAVAILABLE: "store_unavailable",
  },
  FallbackMode: { PRIMARY: "PRIMARY", HEURISTIC: "HEURISTIC", SAFE: "SAFE" },
  LossCause: {
    EXPIRED: "expired",
    SUPERSEDED: "superseded",
    RESIGNED: "resigned",
    STORE_UNAVAILABLE: "store-unavailable",
  },
  MemberStatus: { ALIVE: "alive", SUSPECT: "suspect", DEAD: "dead" },
  ResourceHealth: {
    HEALTHY: "healthy",
    WARNING: "warning",
    CRITICAL: "critical",
    UNKNOWN: "unknown",
  },
  RetryState: {
    STABLE: "STABLE",
    ELEVATED: "ELEVATED",
    CRITICAL: "CRITICAL",
    UNKNOWN: "UNKNOWN",
  },
  SystemStatus: {
    HEALTHY: "HEALTHY",
    DEGRADED: "DEGRADED",
    FAILED: "FAILED",
    UNKNOWN: "UNKNOWN",
  },
  WorkRefusal: {
    BACKLOG_FULL: "backlog_full",
    INBOX_FULL: "inbox_full",
    NO_MEMBER: "no_member",
    TOO_LARGE: "too_large",
  },
  WorkStatus: {
    WAITING: "waiting",
    READY: "ready",
    CLAIMED: "claimed",
    COMPLETED: "completed",
    DEAD: "dead",
  },
  VoteRefusal: {
    SEALED: "sealed",
    DECIDED: "decided",
    NOT_AN_ELECTOR: "not_an_elector",
    ALREADY_VOTED: "already_voted",
    UNKNOWN_CHOICE: "unknown_choice",
    UNKNOWN_BALLOT: "unknown_ballot",
  },
};

Deno.test("enums exports every closed set with the members that go over the wire", () => {
  const { canonical: _function, ...exported } = enums;
  assert.deepEqual(exported, sets);
});

Deno.test("enums has no two members in a set that differ in letter case only", () => {
  for (const [name, members] of Object.entries(sets)) {
    const texts = Object.values(members).map((text) => text.toUpperCase());
    assert.equal(new Set(texts).size, texts.length, name);
  }
});
