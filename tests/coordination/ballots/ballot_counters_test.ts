import assert from "node:assert/strict";
import { BallotCounters } from "../../../coordination/ballots/ballot_counters.ts";
import { CorruptRecordError } from "../../../coordination/errors.ts";
import { VoteRefusal } from "../../../enums/vote_refusal.ts";

Deno.test("BallotCounters counts each thing apart, and gives copies", () => {
  const counters = new BallotCounters();
  const before = counters.getMetrics();
  counters.add("opened");
  counters.add("votes");
  counters.add("votes");
  counters.addRefused(VoteRefusal.SEALED);
  counters.addFailure(new Error("odd"));
  counters.addFailure(new CorruptRecordError(["k"], "odd"));
  const { opened, votes, refused, failures, corruptRecords, lastError } = counters.getMetrics();
  assert.deepEqual([opened, votes, refused.sealed, failures, corruptRecords], [1, 2, 1, 1, 1]);
  assert.match(lastError ?? "", /CorruptRecordError/);
  assert.deepEqual([before.votes, before.refused.sealed, before.lastError], [0, 0, null]);
});
