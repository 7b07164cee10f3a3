import assert from "node:assert/strict";
import { ConsensusDecision } from "../../coordination/consensus_decision.ts";

const fields = {
  circuitState: "OPEN",
  fallbackMode: "HEURISTIC",
  leaderInstance: "a",
  quorumMet: true,
  votingInstances: 3,
  registeredInstances: 4,
  consensusStrength: 0.75,
  term: 7,
  reason: null,
} as const;

const dict = {
  circuit_state: "OPEN",
  fallback_mode: "HEURISTIC",
  leader_instance: "a",
  quorum_met: true,
  voting_instances: 3,
  registered_instances: 4,
  consensus_strength: 0.75,
  term: 7,
  reason: null,
};

Deno.test("ConsensusDecision toDict gives every field under its snake_case key", () => {
  const decision = new ConsensusDecision(fields);
  assert.deepEqual({ ...decision }, fields);
  assert.deepEqual(decision.toDict(), dict);
  assert.equal(JSON.stringify(decision), JSON.stringify(dict));
});

Deno.test("ConsensusDecision cannot be changed", () => {
  const decision = new ConsensusDecision(fields) as { term: number };
  assert.throws(() => decision.term = 8, TypeError);
});

Deno.test("ConsensusDecision undecided says why, and names no leader (F17, F22)", () => {
  for (const reason of ["no_votes", "store_unavailable"] as const) {
    assert.deepEqual(ConsensusDecision.undecided(reason).toDict(), {
      circuit_state: "UNKNOWN",
      fallback_mode: "SAFE",
      leader_instance: null,
      quorum_met: false,
      voting_instances: 0,
      registered_instances: 0,
      consensus_strength: 0,
      term: 0,
      reason,
    });
  }
});
