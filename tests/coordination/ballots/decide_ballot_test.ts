import assert from "node:assert/strict";
import fc from "fast-check";
import type { BallotPolicy } from "../../../coordination/ballots/ballot_policy.ts";
import { countBallot, type CountedVote } from "../../../coordination/ballots/ballot_tally.ts";
import { type BallotVerdict, decideBallot } from "../../../coordination/ballots/decide_ballot.ts";
import { BallotReason } from "../../../enums/ballot_reason.ts";
import { checkProperty } from "../../support/property.ts";

const CHOICES = ["yes", "no", "later"];
const majority: BallotPolicy = { kind: "majority" };
const unanimous: BallotPolicy = { kind: "unanimous" };
const veto: BallotPolicy = { kind: "veto", choice: "no" };

/** What some electors make of their votes; each is a choice, "-" to abstain, with "!" if it may veto. */
function decide(
  policy: BallotPolicy,
  votes: string,
  electorate: { electors: number; weight?: number; vetoHolders?: number },
  isClosed: boolean,
): BallotVerdict | null {
  const cast = votes.split(" ").filter(Boolean).map((text): CountedVote => {
    const [name = "", times = "1"] = text.replace("!", "").split("*");
    const choice = { y: "yes", n: "no", l: "later", "-": null }[name]!;
    return { choice, weight: Number(times), mayVeto: text.includes("!") };
  });
  return decideBallot(policy, {
    choices: CHOICES,
    electorate: { weight: electorate.electors, vetoHolders: 0, ...electorate },
    tally: countBallot(cast, CHOICES, policy),
    isClosed,
  });
}

Deno.test("decideBallot gives the verdict of each policy, as early as it is certain", () => {
  const { TIE, NO_MAJORITY, NO_QUORUM } = BallotReason;
  const share = (value: number): BallotPolicy => ({ kind: "threshold", share: value });
  const cases: {
    name: string;
    policy: BallotPolicy;
    votes: string;
    electors: number;
    weight?: number;
    vetoHolders?: number;
    open: string | null;
    closed: string;
  }[] = [
    { name: "nobody", policy: majority, votes: "", electors: 3, open: null, closed: NO_QUORUM },
    { name: "the only one", policy: majority, votes: "y", electors: 1, open: "yes", closed: "yes" },
    {
      name: "one of three",
      policy: majority,
      votes: "y",
      electors: 3,
      open: null,
      closed: NO_QUORUM,
    },
    {
      name: "two of three",
      policy: majority,
      votes: "y y",
      electors: 3,
      open: "yes",
      closed: "yes",
    },
    { name: "half", policy: majority, votes: "y y", electors: 4, open: null, closed: NO_QUORUM },
    { name: "level", policy: majority, votes: "y y n n", electors: 4, open: TIE, closed: TIE },
    {
      name: "level, one out",
      policy: majority,
      votes: "y y n n",
      electors: 5,
      open: null,
      closed: TIE,
    },
    { name: "three ways", policy: majority, votes: "y n l", electors: 3, open: TIE, closed: TIE },
    {
      name: "nobody can pass or draw level",
      policy: majority,
      votes: "y y y - - - -",
      electors: 8,
      open: NO_MAJORITY,
      closed: NO_MAJORITY,
    },
    {
      name: "nobody can pass, but one may draw level",
      policy: majority,
      votes: "y - -",
      electors: 4,
      open: null,
      closed: NO_MAJORITY,
    },
    {
      name: "all abstain",
      policy: majority,
      votes: "- -",
      electors: 2,
      open: NO_MAJORITY,
      closed: NO_MAJORITY,
    },
    {
      name: "most of those there",
      policy: majority,
      votes: "y y n",
      electors: 4,
      open: null,
      closed: NO_MAJORITY,
    },
    {
      name: "two thirds",
      policy: share(2 / 3),
      votes: "y y",
      electors: 3,
      open: "yes",
      closed: "yes",
    },
    {
      name: "under 0.75",
      policy: share(0.75),
      votes: "y y n",
      electors: 4,
      open: null,
      closed: NO_MAJORITY,
    },
    {
      name: "0.75",
      policy: share(0.75),
      votes: "y y n y",
      electors: 4,
      open: "yes",
      closed: "yes",
    },
    {
      name: "0.56 of 25 is 14",
      policy: share(0.56),
      votes: "y ".repeat(14),
      electors: 25,
      open: "yes",
      closed: "yes",
    },
    {
      name: "unanimous so far",
      policy: unanimous,
      votes: "y y",
      electors: 3,
      open: null,
      closed: NO_QUORUM,
    },
    {
      name: "unanimous",
      policy: unanimous,
      votes: "y y y",
      electors: 3,
      open: "yes",
      closed: "yes",
    },
    {
      name: "one against",
      policy: unanimous,
      votes: "y n",
      electors: 9,
      open: NO_MAJORITY,
      closed: NO_MAJORITY,
    },
    {
      name: "one abstains",
      policy: unanimous,
      votes: "-",
      electors: 9,
      open: NO_MAJORITY,
      closed: NO_MAJORITY,
    },
    {
      name: "the heavy one",
      policy: { kind: "weighted" },
      votes: "y*6 n n n",
      electors: 5,
      weight: 11,
      open: "yes",
      closed: "yes",
    },
    {
      name: "half of the weight",
      policy: { kind: "weighted" },
      votes: "y*5 n n n",
      electors: 5,
      weight: 10,
      open: null,
      closed: NO_MAJORITY,
    },
    {
      name: "a share of the weight",
      policy: { kind: "weighted", share: 0.8 },
      votes: "n*8",
      electors: 3,
      weight: 10,
      open: "no",
      closed: "no",
    },
    {
      name: "a veto",
      policy: veto,
      votes: "y! y! n!",
      electors: 9,
      vetoHolders: 9,
      open: "no",
      closed: "no",
    },
    {
      name: "a veto may come",
      policy: veto,
      votes: "y! y!",
      electors: 3,
      vetoHolders: 3,
      open: null,
      closed: "yes",
    },
    {
      name: "no veto came",
      policy: veto,
      votes: "y! y! l!",
      electors: 3,
      vetoHolders: 3,
      open: "yes",
      closed: "yes",
    },
    {
      name: "who may veto has voted",
      policy: veto,
      votes: "y! y",
      electors: 3,
      vetoHolders: 1,
      open: "yes",
      closed: "yes",
    },
    {
      name: "who may not",
      policy: veto,
      votes: "y! n y",
      electors: 3,
      vetoHolders: 1,
      open: "yes",
      closed: "yes",
    },
    {
      name: "by majority",
      policy: veto,
      votes: "n n",
      electors: 3,
      vetoHolders: 1,
      open: "no",
      closed: "no",
    },
  ];
  for (const { name, policy, votes, open, closed, ...electorate } of cases) {
    const ending = (verdict: BallotVerdict | null) => verdict && (verdict.choice ?? verdict.reason);
    assert.equal(ending(decide(policy, votes, electorate, false)), open, `${name}, open`);
    assert.equal(ending(decide(policy, votes, electorate, true)), closed, `${name}, closed`);
  }
});

const policies = fc.oneof(
  fc.constant(majority),
  fc.constant(unanimous),
  fc.constant(veto),
  fc.double({ min: 0.5, max: 1, minExcluded: true, noNaN: true })
    .map((share): BallotPolicy => ({ kind: "threshold", share })),
  fc.constant<BallotPolicy>({ kind: "weighted" }),
  fc.double({ min: 0.5, max: 1, minExcluded: true, noNaN: true })
    .map((share): BallotPolicy => ({ kind: "weighted", share })),
);

/** Everybody's vote, whether it is ever cast or not. */
const votes = fc.array(
  fc.record({
    choice: fc.constantFrom(...CHOICES, "yes", null),
    weight: fc.integer({ min: 1, max: 5 }),
    mayVeto: fc.boolean(),
  }),
  { minLength: 1, maxLength: 12 },
);

function suited(policy: BallotPolicy, all: readonly CountedVote[]): CountedVote[] {
  return all.map(({ choice, weight, mayVeto }) => ({
    choice,
    weight: policy.kind === "weighted" ? weight : 1,
    mayVeto: policy.kind === "veto" && mayVeto,
  }));
}

function standing(policy: BallotPolicy, all: readonly CountedVote[], cast: readonly CountedVote[]) {
  return {
    choices: CHOICES,
    electorate: {
      electors: all.length,
      weight: all.reduce((sum, { weight }) => sum + weight, 0),
      vetoHolders: all.filter(({ mayVeto }) => mayVeto).length,
    },
    tally: countBallot(cast, CHOICES, policy),
  };
}

Deno.test("decideBallot never changes an early verdict, whatever votes come after it (I10)", () => {
  checkProperty(
    fc.property(policies, votes, votes, fc.nat(12), (policy, some, rest, end) => {
      const all = suited(policy, [...some, ...rest]);
      const now = decideBallot(policy, {
        ...standing(policy, all, all.slice(0, some.length)),
        isClosed: false,
      });
      if (now === null) return;
      for (let cast = some.length; cast <= all.length; cast++) {
        const later = standing(policy, all, all.slice(0, cast));
        assert.deepEqual(decideBallot(policy, { ...later, isClosed: cast > end }), now);
      }
    }),
    2_000,
  );
});

Deno.test("decideBallot always decides when everybody has voted or the ballot is closed", () => {
  checkProperty(fc.property(policies, votes, fc.nat(12), (policy, given, count) => {
    const all = suited(policy, given);
    const closed = standing(policy, all, all.slice(0, count));
    assert.notEqual(decideBallot(policy, { ...closed, isClosed: true }), null);
    const complete = standing(policy, all, all);
    assert.notEqual(decideBallot(policy, { ...complete, isClosed: false }), null);
    assert.deepEqual(
      decideBallot(policy, { ...complete, isClosed: false }),
      decideBallot(policy, { ...complete, isClosed: true }),
    );
  }));
});

Deno.test("decideBallot lets no two choices pass: what passes has more than half, or a veto", () => {
  checkProperty(fc.property(policies, votes, (policy, given) => {
    const all = suited(policy, given);
    const { tally, ...rest } = standing(policy, all, all);
    const verdict = decideBallot(policy, { ...rest, tally, isClosed: true });
    if (verdict === null || verdict.choice === null) return;
    const isVetoed = tally.vetoes > 0 && verdict.choice === "no";
    const weight = tally.weights[CHOICES.indexOf(verdict.choice)]!;
    assert.ok(isVetoed || 2 * weight > rest.electorate.weight);
  }));
});

Deno.test("decideBallot does not depend on the order of the votes", () => {
  checkProperty(fc.property(policies, votes, fc.boolean(), (policy, given, isClosed) => {
    const all = suited(policy, given);
    const one = standing(policy, all, all.slice(1));
    const other = standing(policy, all, all.slice(1).reverse());
    assert.deepEqual(
      decideBallot(policy, { ...one, isClosed }),
      decideBallot(policy, { ...other, isClosed }),
    );
  }));
});
