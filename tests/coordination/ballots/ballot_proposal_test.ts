import assert from "node:assert/strict";
import type { BallotPolicy } from "../../../coordination/ballots/ballot_policy.ts";
import {
  checkElectors,
  checkQuestion,
  type Elector,
  isSameQuestion,
  isSameRoll,
} from "../../../coordination/ballots/ballot_proposal.ts";

const texts = (count: number) => Array.from({ length: count }, (_, at) => `c${at}`);

Deno.test("checkQuestion refuses what is out of bounds, and says the bound", () => {
  const cases: {
    name: string;
    topic?: string;
    choices?: unknown;
    deadlineMs?: unknown;
    message: RegExp;
  }[] = [
    { name: "no topic", topic: "", message: /topic must be a text/ },
    { name: "long topic", topic: "x".repeat(257), message: /at most 256/ },
    { name: "one choice", choices: ["yes"], message: /2 to 32/ },
    { name: "many choices", choices: texts(33), message: /2 to 32/ },
    { name: "no list", choices: "yes", message: /list of texts/ },
    { name: "twice", choices: ["a", "a"], message: /unlike/ },
    { name: "no text", choices: ["a", 1], message: /a choice must be a text/ },
    { name: "short", deadlineMs: 99, message: /a number from 100 to 2592000000, got 99/ },
    { name: "a text", deadlineMs: "500", message: /a number from 100 to 2592000000, got 500/ },
    { name: "endless", deadlineMs: Infinity, message: /got Infinity/ },
    { name: "missing", deadlineMs: null, message: /got null/ },
    { name: "long", deadlineMs: 30 * 86_400_000 + 1, message: /from 100/ },
    { name: "no number", deadlineMs: NaN, message: /NaN/ },
  ];
  for (const { name, topic = "t", choices = ["a", "b"], deadlineMs = 100, message } of cases) {
    assert.throws(
      () => checkQuestion(topic, choices as string[], { deadlineMs: deadlineMs as number }),
      message,
      name,
    );
  }
  const { policy, choices } = checkQuestion("t", texts(32), { deadlineMs: 30 * 86_400_000 });
  assert.deepEqual([policy.kind, choices.length], ["majority", 32]);
});

Deno.test("checkElectors sorts, adds up, and gives the veto to all unless somebody has it", () => {
  const veto: BallotPolicy = { kind: "veto", choice: "no" };
  const { entries, ...numbers } = checkElectors(["b", { instanceId: "a", weight: 3 }], {
    kind: "weighted",
  });
  assert.deepEqual(entries.map(({ instanceId }) => instanceId), ["a", "b"]);
  assert.deepEqual(numbers, { electors: 2, weight: 4, vetoHolders: 0 });
  assert.equal(checkElectors(["a", "b"], veto).vetoHolders, 2);
  assert.equal(checkElectors(["a", { instanceId: "b", mayVeto: true }], veto).vetoHolders, 1);
});

Deno.test("checkElectors refuses what no ballot can have", () => {
  const majority: BallotPolicy = { kind: "majority" };
  const weighted: BallotPolicy = { kind: "weighted" };
  const cases: { electors: unknown; policy: BallotPolicy; message: RegExp }[] = [
    { electors: [], policy: majority, message: /1 to 10000, got 0/ },
    { electors: texts(10_001), policy: majority, message: /got 10001/ },
    { electors: ["a", "b", "a"], policy: majority, message: /"a" twice/ },
    { electors: "abc", policy: majority, message: /list of ids or electors, got string/ },
    { electors: null, policy: majority, message: /list of ids or electors, got object/ },
    { electors: ["a", null], policy: majority, message: /an id or an object, got null/ },
    { electors: [7], policy: majority, message: /an id or an object, got 7/ },
    { electors: new Array(1), policy: majority, message: /an id or an object, got undefined/ },
    { electors: [{}], policy: majority, message: /instanceId must be a text/ },
    {
      electors: [{ instanceId: "a", mayVeto: "yes" }],
      policy: { kind: "veto", choice: "no" },
      message: /mayVeto must be true or false, got yes/,
    },
    { electors: [""], policy: majority, message: /instanceId must be a text/ },
    {
      electors: [{ instanceId: "a", weight: 2 }],
      policy: majority,
      message: /only by policy "weighted"/,
    },
    {
      electors: [{ instanceId: "a", mayVeto: true }],
      policy: majority,
      message: /only by policy "veto"/,
    },
    {
      electors: [{ instanceId: "a", weight: 0 }],
      policy: weighted,
      message: /from 1 to 1000000, got 0/,
    },
    { electors: [{ instanceId: "a", weight: 1.5 }], policy: weighted, message: /got 1.5/ },
    {
      electors: [{ instanceId: "a", weight: 1_000_001 }],
      policy: weighted,
      message: /got 1000001/,
    },
  ];
  for (const { electors, policy, message } of cases) {
    assert.throws(() => checkElectors(electors as Elector[], policy), message);
  }
  assert.equal(checkElectors(texts(10_000), majority).electors, 10_000);
});

Deno.test("isSameQuestion compares topic, choices with their order, policy and deadline", () => {
  const question = checkQuestion("t", ["a", "b"], { deadlineMs: 100 });
  assert.ok(
    isSameQuestion(
      question,
      checkQuestion("t", ["a", "b"], { deadlineMs: 100, policy: { kind: "majority" } }),
    ),
  );
  const others = [
    checkQuestion("u", ["a", "b"], { deadlineMs: 100 }),
    checkQuestion("t", ["b", "a"], { deadlineMs: 100 }),
    checkQuestion("t", ["a", "b"], { deadlineMs: 101 }),
    checkQuestion("t", ["a", "b"], { deadlineMs: 100, policy: { kind: "unanimous" } }),
  ];
  for (const other of others) assert.equal(isSameQuestion(question, other), false);
});

Deno.test("isSameRoll compares who may vote and with what right, whatever the order", () => {
  const elector = (instanceId: string, weight = 1, mayVeto = false) => ({
    instanceId,
    weight,
    mayVeto,
  });
  const roll = [elector("a"), elector("b", 2)];
  const cases = [
    { name: "the same", other: [elector("b", 2), elector("a")], isSame: true },
    { name: "one less", other: [elector("a")], isSame: false },
    { name: "one more", other: [...roll, elector("c")], isSame: false },
    { name: "another", other: [elector("a"), elector("c", 2)], isSame: false },
    { name: "another weight", other: [elector("a", 2), elector("b", 1)], isSame: false },
    { name: "a veto", other: [elector("a"), elector("b", 2, true)], isSame: false },
  ];
  for (const { name, other, isSame } of cases) assert.equal(isSameRoll(roll, other), isSame, name);
});
