import assert from "node:assert/strict";
import {
  type BallotPolicy,
  checkPolicy,
  policyFromDict,
  policyToDict,
  requiredWeight,
} from "../../../coordination/ballots/ballot_policy.ts";

const CHOICES = ["yes", "no"];

Deno.test("requiredWeight is what a choice needs, and more than half whatever is asked", () => {
  const cases: { policy: BallotPolicy; weight: number; required: number }[] = [
    { policy: { kind: "majority" }, weight: 4, required: 3 },
    { policy: { kind: "majority" }, weight: 5, required: 3 },
    { policy: { kind: "unanimous" }, weight: 5, required: 5 },
    { policy: { kind: "veto", choice: "no" }, weight: 5, required: 3 },
    { policy: { kind: "weighted" }, weight: 10, required: 6 },
    { policy: { kind: "weighted", share: 0.75 }, weight: 10, required: 8 },
    { policy: { kind: "threshold", share: 0.56 }, weight: 25, required: 14 },
    { policy: { kind: "threshold", share: 0.5000000001 }, weight: 4, required: 3 },
    { policy: { kind: "threshold", share: 1 }, weight: 7, required: 7 },
  ];
  for (const { policy, weight, required } of cases) {
    const electorate = { electors: weight, weight, vetoHolders: 0 };
    assert.equal(requiredWeight(policy, electorate), required, JSON.stringify([policy, weight]));
  }
});

Deno.test("checkPolicy refuses what could let two choices pass, and what is no policy", () => {
  const cases: { policy: unknown; error: ErrorConstructor; message: RegExp }[] = [
    { policy: { kind: "threshold", share: 0.5 }, error: RangeError, message: /above 0.5/ },
    { policy: { kind: "threshold", share: 1.1 }, error: RangeError, message: /at most 1/ },
    { policy: { kind: "threshold" }, error: RangeError, message: /undefined/ },
    { policy: { kind: "weighted", share: NaN }, error: RangeError, message: /NaN/ },
    { policy: { kind: "veto", choice: "maybe" }, error: TypeError, message: /"maybe"/ },
    { policy: { kind: "plurality" }, error: TypeError, message: /"plurality"/ },
    { policy: null, error: TypeError, message: /policy.kind/ },
  ];
  for (const { policy, error, message } of cases) {
    assert.throws(() => checkPolicy(policy as BallotPolicy, CHOICES), (thrown) => {
      assert.ok(thrown instanceof error);
      assert.match(thrown.message, message);
      return true;
    });
  }
});

Deno.test("policyFromDict reads what policyToDict wrote", () => {
  const policies: BallotPolicy[] = [
    { kind: "majority" },
    { kind: "unanimous" },
    { kind: "threshold", share: 0.6 },
    { kind: "weighted" },
    { kind: "weighted", share: 0.6 },
    { kind: "veto", choice: "no" },
  ];
  for (const policy of policies) {
    assert.deepEqual(policyFromDict(policyToDict(policy), CHOICES), policy);
  }
  assert.deepEqual(policyToDict({ kind: "weighted" }), {
    kind: "weighted",
    share: null,
    choice: null,
  });
});
