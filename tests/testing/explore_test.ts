import assert from "node:assert/strict";
import { explore, type ExploreOptions } from "../../testing/explore.ts";

type Pair = readonly [number, number];

/** Two counters from 0 to 2 that start again after it. */
const COUNTERS: ExploreOptions<Pair> = {
  initial: [0, 0],
  next: ([a, b]) => [
    { step: "a counts", state: [(a + 1) % 3, b] },
    { step: "b counts", state: [a, (b + 1) % 3] },
  ],
  key: String,
  check: () => null,
};

Deno.test("explore sees every state once and makes every move from it", () => {
  const seen = explore(COUNTERS);
  assert.deepEqual(
    [seen.states, seen.transitions, seen.depth, seen.violation],
    [9, 18, 4, null],
  );
});

Deno.test("explore gives the shortest way to a violation, and stops there", () => {
  const check = ([a, b]: Pair) => a === 2 && b === 1 ? "they are at 2,1" : null;
  const { violation, states } = explore({ ...COUNTERS, check });
  assert.equal(violation?.message, "they are at 2,1");
  assert.deepEqual([...violation.steps].sort(), ["a counts", "a counts", "b counts"]);
  assert.ok(states < 9);
});

Deno.test("explore tells a violation without steps when the beginning is wrong already", () => {
  const { violation, states } = explore({ ...COUNTERS, check: () => "wrong" });
  assert.deepEqual(violation, { message: "wrong", steps: [] });
  assert.equal(states, 1);
});

Deno.test("explore tells of each witness the first way to it, and leaves out what never occurs", () => {
  const witnesses = {
    "b starts again": ([, b]: Pair, step: string) => b === 0 && step === "b counts",
    "a is three": ([a]: Pair) => a === 3,
  };
  const seen = explore({ ...COUNTERS, witnesses });
  assert.deepEqual([...seen.witnesses], [
    ["b starts again", ["b counts", "b counts", "b counts"]],
  ]);
});

Deno.test("explore meets a witness on a move that leads back to a known state", () => {
  const witnesses = {
    "a starts again": ([a]: Pair, step: string) => a === 0 && step === "a counts",
  };
  assert.ok(explore({ ...COUNTERS, witnesses }).witnesses.has("a starts again"));
});

Deno.test("explore takes states of one key for the same", () => {
  const key = ([a, b]: Pair) => String([a, b].sort());
  assert.equal(explore({ ...COUNTERS, key }).states, 6);
});

Deno.test("explore looks at exactly maxStates states, and refuses to conclude from part of a model", () => {
  assert.equal(explore({ ...COUNTERS, maxStates: 9 }).states, 9);
  assert.throws(() => explore({ ...COUNTERS, maxStates: 8 }), {
    name: "RangeError",
    message: "Cannot explore the whole model: it has more than 8 states; " +
      "bound it more tightly, or raise maxStates",
  });
});

Deno.test("explore ends in a state from which nothing goes on", () => {
  const seen = explore({ initial: 0, next: () => [], key: String, check: () => null });
  assert.deepEqual([seen.states, seen.transitions, seen.depth], [1, 0, 0]);
});
