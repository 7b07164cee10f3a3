import assert from "node:assert/strict";
import {
  checkThreshold,
  countVotes,
  majorityVote,
  requiredVotes,
} from "../../coordination/quorum.ts";

const votes = (letters: string): string[] => {
  const names: Record<string, string> = { C: "CLOSED", O: "OPEN", H: "HALF_OPEN" };
  return [...letters].map((letter) => names[letter]!);
};

Deno.test("majorityVote names a value that more than half of the votes name", () => {
  const cases: { votes: string; winner: string }[] = [
    { votes: "", winner: "UNKNOWN" },
    { votes: "C", winner: "CLOSED" },
    { votes: "CCC", winner: "CLOSED" },
    { votes: "OOOCC", winner: "OPEN" },
    { votes: "OOCCH", winner: "SPLIT_BRAIN" },
    { votes: "HH", winner: "HALF_OPEN" },
    { votes: "CCCO", winner: "CLOSED" },
    { votes: "COH", winner: "SPLIT_BRAIN" },
    { votes: "CCOO", winner: "SPLIT_BRAIN" },
    { votes: "CO", winner: "SPLIT_BRAIN" },
  ];
  for (const { votes: letters, winner } of cases) {
    assert.equal(majorityVote(votes(letters)), winner, letters || "no vote");
  }
});

Deno.test("majorityVote counts a thousand votes of which a third is OPEN as CLOSED", () => {
  const thousand = Array.from({ length: 1_000 }, (_, i) => i % 3 === 0 ? "OPEN" : "CLOSED");
  assert.equal(majorityVote(thousand), "CLOSED");
});

Deno.test("majorityVote compares letter for letter and takes prototype keys for plain values", () => {
  assert.equal(majorityVote(["safe", "SAFE"]), "SPLIT_BRAIN");
  assert.equal(majorityVote(["__proto__", "__proto__", "constructor"]), "__proto__");
});

Deno.test("countVotes gives the winner's share, and none on a split or without votes", () => {
  assert.deepEqual(countVotes(votes("CCCO")), { winner: "CLOSED", strength: 0.75 });
  assert.deepEqual(countVotes(votes("CCOO")), { winner: "SPLIT_BRAIN", strength: 0 });
  assert.deepEqual(countVotes([]), { winner: "UNKNOWN", strength: 0 });
});

Deno.test("requiredVotes is a strict majority, or the threshold's share when that is more (F1)", () => {
  const cases: { members: number; threshold?: number; required: number }[] = [
    { members: 0, required: 1 },
    { members: 1, required: 1 },
    { members: 2, required: 2 },
    { members: 3, required: 2 },
    { members: 4, required: 3 },
    { members: 5, required: 3 },
    { members: 4, threshold: 0.5, required: 3 },
    { members: 10, threshold: 0.1, required: 6 },
    { members: 10, threshold: 0.6, required: 6 },
    { members: 10, threshold: 0.61, required: 7 },
    { members: 20, threshold: 0.55, required: 11 },
    { members: 25, threshold: 0.56, required: 14 },
    { members: 100, threshold: 0.55, required: 55 },
    { members: 3, threshold: 1, required: 3 },
    { members: 100, threshold: 0.99, required: 99 },
    { members: 10_000, threshold: 2 / 3, required: 6_667 },
  ];
  for (const { members, threshold, required } of cases) {
    const options = threshold === undefined ? { members } : { members, threshold };
    assert.equal(requiredVotes(options), required, `${threshold} of ${members}`);
  }
});

Deno.test("requiredVotes refuses members and thresholds that cannot be counted, with the number", () => {
  const cases: { name: string; members?: number; threshold?: number; message: string }[] = [
    { name: "threshold 0", threshold: 0, message: rangeText(0) },
    { name: "threshold below 0", threshold: -0.5, message: rangeText(-0.5) },
    { name: "threshold above 1", threshold: 1.01, message: rangeText(1.01) },
    { name: "threshold 2", threshold: 2, message: rangeText(2) },
    { name: "threshold NaN", threshold: NaN, message: rangeText(NaN) },
    { name: "members below 0", members: -1, message: membersText(-1) },
    { name: "half a member", members: 1.5, message: membersText(1.5) },
    { name: "members NaN", members: NaN, message: membersText(NaN) },
    { name: "members without end", members: Infinity, message: membersText(Infinity) },
  ];
  for (const { name, members = 3, threshold = 0.5, message } of cases) {
    assert.throws(
      () => requiredVotes({ members, threshold }),
      { name: "RangeError", message },
      name,
    );
  }
});

Deno.test("checkThreshold takes what is above 0 and at most 1", () => {
  for (const threshold of [Number.MIN_VALUE, 0.5, 1]) checkThreshold(threshold);
  assert.throws(() => checkThreshold(0), { name: "RangeError", message: rangeText(0) });
});

function rangeText(got: number): string {
  return `quorumThreshold must be above 0 and at most 1, got ${got}`;
}

function membersText(got: number): string {
  return `members must be a whole number from 0, got ${got}`;
}
