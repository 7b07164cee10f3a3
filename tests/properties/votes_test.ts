import assert from "node:assert/strict";
import fc from "fast-check";
import { majorityVote, requiredVotes } from "../../coordination/quorum.ts";
import { tallyVotes } from "../../coordination/tally_votes.ts";
import { CircuitState, FallbackMode } from "../../enums/mod.ts";
import { checkProperty } from "../support/property.ts";

const circuit = fc.constantFrom(...Object.values(CircuitState));
const mode = fc.constantFrom(...Object.values(FallbackMode));
const vote = fc.record({ circuit_breaker_state: circuit, fallback_mode: mode });
const anything = fc.oneof(vote, fc.constant(null), fc.anything());
const threshold = fc.double({ min: 0, max: 1, minExcluded: true, noNaN: true });

Deno.test("majorityVote names a value only if more than half of the votes do, whatever their order", () => {
  const values = fc.array(fc.constantFrom("A", "B", "C"), { maxLength: 30 });
  checkProperty(fc.property(values, fc.func(fc.integer()), (votes, order) => {
    const winner = majorityVote(votes);
    const count = (value: string) => votes.filter((vote) => vote === value).length;
    if (votes.length === 0) assert.equal(winner, "UNKNOWN");
    else if (winner === "SPLIT_BRAIN") {
      assert.ok(votes.every((vote) => 2 * count(vote) <= votes.length));
    } else assert.ok(2 * count(winner) > votes.length);
    const shuffled = votes.map((vote, i) => ({ vote, at: order(i) })).sort((a, b) => a.at - b.at);
    assert.equal(majorityVote(shuffled.map(({ vote }) => vote)), winner);
  }));
});

Deno.test("requiredVotes lets no two quorums be met by disjoint members, and never asks for more than all", () => {
  checkProperty(
    fc.property(fc.integer({ min: 1, max: 1_000_000 }), threshold, (members, threshold) => {
      const required = requiredVotes({ members, threshold });
      assert.ok(Number.isInteger(required));
      assert.ok(2 * required > members, "two quorums could be disjoint");
      assert.ok(required <= members, "it could never be met");
      assert.ok(required >= threshold * members - 1e-6, "less than the threshold's share");
    }),
  );
});

Deno.test("requiredVotes never asks for less when there are more members or a higher threshold", () => {
  const size = fc.integer({ min: 0, max: 10_000 });
  checkProperty(fc.property(size, size, threshold, threshold, (m1, m2, t1, t2) => {
    const few = { members: Math.min(m1, m2), threshold: Math.min(t1, t2) };
    const many = { members: Math.max(m1, m2), threshold: Math.max(t1, t2) };
    assert.ok(requiredVotes(few) <= requiredVotes(many));
  }));
});

Deno.test("tallyVotes counts everything once, throws on no vote, and is met only by enough readable votes", () => {
  checkProperty(
    fc.property(fc.array(anything, { maxLength: 20 }), threshold, (votes, threshold) => {
      const members = votes.length + 1;
      const tally = tallyVotes(votes, { members, threshold });
      const counted = tally.votingInstances + tally.abstentions + tally.malformedVotes;
      assert.equal(counted, votes.length);
      assert.equal(tally.quorumMet, tally.votingInstances >= requiredVotes({ members, threshold }));
      assert.ok(Object.values(FallbackMode).includes(tally.fallbackMode));
      assert.ok([...Object.values(CircuitState), "SPLIT_BRAIN"].includes(tally.circuitState));
      if (tally.reason === null) {
        assert.ok(tally.quorumMet && tally.consensusStrength > 0.5);
        assert.notEqual(tally.circuitState, "SPLIT_BRAIN");
      }
    }),
  );
});

Deno.test("tallyVotes gives the same for any letter case, order, and number of abstentions it has room for", () => {
  const noise = fc.array(fc.constantFrom(null, "odd", {}), { maxLength: 5 });
  checkProperty(fc.property(fc.array(vote, { maxLength: 15 }), noise, (votes, noise) => {
    const members = votes.length + noise.length;
    const plain = tallyVotes(votes, { members });
    const lower = votes.map((vote) => ({
      circuit_breaker_state: vote.circuit_breaker_state.toLowerCase(),
      fallback_mode: vote.fallback_mode.toLowerCase(),
    }));
    const other = tallyVotes([...noise, ...lower.reverse()], { members });
    for (
      const field of [
        "circuitState",
        "fallbackMode",
        "quorumMet",
        "consensusStrength",
        "reason",
      ] as const
    ) {
      assert.equal(other[field], plain[field], field);
    }
  }));
});
