import assert from "node:assert/strict";
import { ClaimedRuns } from "../../../engines/durable/claimed_runs.ts";

Deno.test("ClaimedRuns remembers a claim until it is refused or forgotten", () => {
  const claims = new ClaimedRuns();
  assert.equal(claims.get("r-1"), undefined);
  claims.add("r-1", "a");
  claims.add("r-1", "b");
  claims.drop("r-1", "a");
  assert.deepEqual([...claims.get("r-1")!.tokens], ["b"]);
  claims.drop("r-1", "b");
  assert.equal(claims.get("r-1"), undefined);
  claims.add("r-1", "c");
  claims.forget("r-1");
  assert.equal(claims.get("r-1"), undefined);
});

Deno.test("ClaimedRuns lets what was left be picked up once, by who owns it", () => {
  const claims = new ClaimedRuns();
  claims.add("r-1", "a");
  assert.equal(claims.pickUp("r-1", "a"), false);
  claims.leave("r-1");
  claims.leave("r-2");
  assert.equal(claims.pickUp("r-1", "other"), false);
  assert.equal(claims.pickUp("r-1", "a"), true);
  assert.equal(claims.pickUp("r-1", "a"), false);
  assert.equal(claims.pickUp("r-2", "a"), false);
});

Deno.test("ClaimedRuns forgets the oldest of more than 10,000 claims", () => {
  const claims = new ClaimedRuns();
  for (let i = 0; i < 10_000; i++) claims.add(`r-${i}`, "a");
  claims.add("r-0", "b");
  claims.add("r-10000", "a");
  const kept = ["r-0", "r-1", "r-2", "r-10000"].map((runId) => claims.get(runId) !== undefined);
  assert.deepEqual(kept, [true, false, true, true]);
});
