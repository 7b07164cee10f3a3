import assert from "node:assert/strict";
import { type Exploration, explore } from "../../testing/explore.ts";
import { LeaseModel, type LeaseModelOptions } from "./lease_explorer.ts";
import type { MissingGuard } from "./lease_protocol.ts";
import type { ClusterState } from "./lease_states.ts";

const SMALL: LeaseModelOptions = {
  terms: 2,
  leaseTicks: 3,
  lostAnswers: 1,
  crashes: 1,
  resignations: 0,
  clocks: "together",
};

/** What must occur, or the exploration proves little. */
const WITNESSES: Readonly<Record<string, (state: ClusterState, step: string) => boolean>> = {
  "a leader": ({ nodes }) => nodes.some(({ held }) => held !== null),
  "a leader in the last term": ({ records, nodes }) =>
    records.term >= 2 && nodes.some(({ held }) => held?.term === records.term),
  "a renewal is refused": (_, step) => /hears refused to its renew/.test(step),
  "a takeover is refused": (_, step) => /hears refused to its acquire/.test(step),
  "an expired lease is taken": (_, step) => step.includes("(expired)"),
  "a node takes what it won without knowing": (_, step) => step.includes("(own)"),
  "a lost answer is made good by its nonce": ({ nodes }, step) =>
    nodes.some(({ id, held }) =>
      held !== null && step.startsWith(`${id} looks for the nonce of its acquire`)
    ),
  "a commit arrives after its sender let go of it": (_, step) => step.includes("'s late acquire"),
  "both terms are written in": ({ written }) => written >= 2,
};

function exploreLease(options: LeaseModelOptions): Exploration {
  const { initial, next, key, check } = new LeaseModel(options);
  return explore({ initial, next, key, check, witnesses: WITNESSES });
}

function print(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));
}

const MODELS: readonly {
  readonly name: string;
  readonly options: LeaseModelOptions;
  readonly states: number;
  readonly transitions: number;
  readonly never?: readonly string[];
}[] = [
  {
    name: "3 nodes, 2 terms, 1 lost answer, 1 crash",
    options: SMALL,
    states: 97_842,
    transitions: 708_775,
  },
  {
    name: "3 nodes, 3 terms, 1 lost answer, 1 crash, a coarser clock",
    options: { ...SMALL, terms: 3, leaseTicks: 2 },
    states: 101_149,
    transitions: 734_494,
  },
  {
    name: "3 nodes, 2 terms, 1 crash, 1 resignation",
    options: { ...SMALL, lostAnswers: 0, resignations: 1 },
    states: 20_446,
    transitions: 124_944,
    never: ["a renewal is refused", "a lost answer is made good by its nonce"],
  },
  {
    name: "3 nodes, 2 terms, 1 lost answer, 1 crash, every clock for itself",
    options: { ...SMALL, clocks: "apart", leaseTicks: 2 },
    states: 81_648,
    transitions: 742_746,
  },
];

for (const { name, options, states, transitions, never = [] } of MODELS) {
  Deno.test(`decideLease keeps every promise in all interleavings of ${name}`, () => {
    const seen = exploreLease(options);
    print(`${name}: ${seen.states} states, ${seen.transitions} transitions, depth ${seen.depth}`);
    assert.equal(seen.violation, null, seen.violation?.steps.join("\n"));
    const unseen = Object.keys(WITNESSES).filter((witness) => !seen.witnesses.has(witness));
    assert.deepEqual(unseen, never);
    // A change of these numbers is no fault by itself: it says that the model or a decision changed.
    assert.deepEqual([seen.states, seen.transitions], [states, transitions]);
  });
}

Deno.test("a node whose clock is slow does believe wrongly, and only the fence holds it back", () => {
  const { initial, next, key } = new LeaseModel({ ...SMALL, clocks: "apart", leaseTicks: 2 });
  const check = ({ records, nodes }: ClusterState) =>
    nodes.some(({ held }) => held !== null && held.term < records.term) ? "a wrong belief" : null;
  assert.equal(explore({ initial, next, key, check }).violation?.message, "a wrong belief");
});

Deno.test("two processes under one id keep every promise, since each has its own incarnation", () => {
  assert.equal(exploreLease({ ...SMALL, ids: ["a", "a"], resignations: 1 }).violation, null);
});

const BROKEN: readonly {
  readonly without: readonly MissingGuard[];
  readonly options?: Partial<LeaseModelOptions>;
  readonly message: RegExp;
  readonly steps: number;
}[] = [
  { without: ["whole lease waited out"], message: /a trusts term 1/, steps: 8 },
  { without: ["validity from before the sending"], message: /a trusts term 1/, steps: 9 },
  { without: ["validity shorter than the lease"], message: /a trusts term 1/, steps: 9 },
  {
    without: ["whole lease waited out", "validity from before the sending"],
    message: /a trusts term 1/,
    steps: 8,
  },
  {
    without: ["fence on writes"],
    message: /a write of term 1 was committed after term 2's/,
    steps: 11,
  },
  {
    without: ["term check on renewals"],
    message: /term 1 was renewed in term 2/,
    steps: 10,
  },
  {
    without: ["term check on takeovers", "lease check on takeovers"],
    message: /term 1 was given after term 1/,
    steps: 4,
  },
  { without: ["renewals seen by followers"], message: /a trusts term 1/, steps: 12 },
  { without: ["next term is a new one"], message: /term 1 was given after term 1/, steps: 6 },
  { without: ["nonce read back"], message: /a leads in term 1 on a guess/, steps: 3 },
  {
    without: ["own incarnation per process"],
    options: { ids: ["a", "a", "b"] },
    message: /a trusts term 1/,
    steps: 5,
  },
];

for (const { without, options, message, steps } of BROKEN) {
  Deno.test(`explore finds the shortest way to a violation without: ${without.join(", ")}`, () => {
    const { violation } = exploreLease({ ...SMALL, ...options, without });
    assert.ok(violation, "the explorer noticed nothing");
    const trace = violation.steps.map((step, index) => `  ${index + 1}. ${step}`);
    print([`without ${without.join(", ")}: ${violation.message}`, ...trace].join("\n"));
    assert.match(violation.message, message);
    assert.equal(violation.steps.length, steps);
  });
}

for (const without of ["term check on takeovers", "lease check on takeovers"] as const) {
  Deno.test(`a takeover does without the ${without.replace(" on takeovers", "")}, since the other one stands`, () => {
    assert.equal(exploreLease({ ...SMALL, ids: ["a", "b"], without: [without] }).violation, null);
  });
}

Deno.test("an incarnation that is used again after a crash breaks nothing while the dead stay dead", () => {
  const without = ["own incarnation per process"] as const;
  assert.equal(exploreLease({ ...SMALL, ids: ["a", "b"], without }).violation, null);
});

Deno.test("leaseStateKey takes only states with the same future for the same", () => {
  const { initial, next, key, check } = new LeaseModel({
    ...SMALL,
    terms: 1,
    leaseTicks: 2,
    ids: ["a", "b"],
  });
  const merged = new Set<string>();
  const whole = explore({
    initial,
    next,
    key: (state) => {
      merged.add(key(state));
      return wholeKey(state);
    },
    check,
  });
  const { states } = explore({ initial, next, key, check });
  assert.equal(merged.size, states, "a state was taken for one with less to come");
  assert.ok(whole.states > states);
});

/** Everything in a state, with stamps, nonces and incarnations numbered as they come up. */
function wholeKey(state: ClusterState): string {
  const numbers = new Map<string, number>();
  const fresh = /"(?:\w*[nN]once|\w*[sS]tamp|incarnation)":([^,}]+)/g;
  return JSON.stringify({ ...state, serial: 0 }).replace(fresh, (_, value: string) => {
    if (!numbers.has(value)) numbers.set(value, numbers.size);
    return `${numbers.get(value)}`;
  });
}
