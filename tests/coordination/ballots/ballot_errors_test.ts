import assert from "node:assert/strict";
import {
  BallotRefusedError,
  VoteRefusedError,
} from "../../../coordination/ballots/ballot_errors.ts";
import { BallotRefusal } from "../../../enums/ballot_refusal.ts";
import { VoteRefusal } from "../../../enums/vote_refusal.ts";

Deno.test("VoteRefusedError and BallotRefusedError say the ballot and the reason, for each reason", () => {
  for (const reason of Object.values(VoteRefusal)) {
    const error = new VoteRefusedError("b-1", reason);
    assert.deepEqual([error.name, error.code, error.reason], [
      "VoteRefusedError",
      "VOTE_REFUSED",
      reason,
    ]);
    assert.match(error.message, /^Cannot vote on ballot "b-1": [a-z ,]+$/);
  }
  for (const reason of Object.values(BallotRefusal)) {
    const error = new BallotRefusedError("b-1", reason, "recount");
    assert.deepEqual([error.name, error.code, error.reason], [
      "BallotRefusedError",
      "BALLOT_REFUSED",
      reason,
    ]);
    assert.match(error.message, /^Cannot recount ballot "b-1": [a-z ]+$/);
  }
});
