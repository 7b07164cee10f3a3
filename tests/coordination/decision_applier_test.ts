import assert from "node:assert/strict";
import {
  ConsensusDecision,
  type ConsensusDecisionFields,
} from "../../coordination/consensus_decision.ts";
import { CoordinatorCounters } from "../../coordination/coordinator_counters.ts";
import { DecisionApplier } from "../../coordination/decision_applier.ts";
import type { FallbackModeKeeper } from "../../coordination/self_report.ts";
import { FakeClock } from "../../testing/fake_clock.ts";
import { FallbackManager } from "../../health/fallback_manager.ts";
import { HealthMonitor } from "../../health/health_monitor.ts";

/** A keeper that writes down what it was asked. */
class Keeper implements FallbackModeKeeper {
  readonly asked: string[] = [];
  constructor(public mode: string, readonly answer: boolean = true) {}
  setMode(mode: string): Promise<boolean> {
    this.asked.push(mode);
    if (this.answer) this.mode = mode;
    return Promise.resolve(this.answer);
  }
}

function decision(fields: Partial<ConsensusDecisionFields> = {}): ConsensusDecision {
  return new ConsensusDecision({
    circuitState: "CLOSED",
    fallbackMode: "PRIMARY",
    leaderInstance: "a",
    quorumMet: true,
    votingInstances: 1,
    registeredInstances: 1,
    consensusStrength: 1,
    term: 7,
    reason: null,
    ...fields,
  });
}

function setUp(keeper: FallbackModeKeeper | undefined) {
  const clock = new FakeClock();
  const counters = new CoordinatorCounters(clock);
  return {
    clock,
    counters,
    applier: new DecisionApplier({ keeper, counters, clock, timeoutMs: 100 }),
  };
}

Deno.test("DecisionApplier brings the mode down and back up to PRIMARY (F15)", async () => {
  const cases: { name: string; mode: string; decided: "PRIMARY" | "SAFE"; asked: string[] }[] = [
    { name: "down", mode: "PRIMARY", decided: "SAFE", asked: ["SAFE"] },
    { name: "back up", mode: "SAFE", decided: "PRIMARY", asked: ["PRIMARY"] },
    { name: "there already", mode: "SAFE", decided: "SAFE", asked: [] },
    { name: "there already, in lower case", mode: "primary", decided: "PRIMARY", asked: [] },
  ];
  for (const { name, mode, decided, asked } of cases) {
    const keeper = new Keeper(mode);
    const { applier, counters } = setUp(keeper);
    assert.equal(await applier.apply(decision({ fallbackMode: decided })), true, name);
    assert.deepEqual(keeper.asked, asked, name);
    assert.equal(counters.read().decisionsApplied, asked.length, name);
  }
});

Deno.test("DecisionApplier asks nothing of the keeper when the decision is not to be applied", async () => {
  const cases: { name: string; fields: Partial<ConsensusDecisionFields> }[] = [
    { name: "no quorum", fields: { quorumMet: false, reason: "no_quorum" } },
    { name: "no quorum, without a reason", fields: { quorumMet: false } },
    { name: "a split circuit", fields: { circuitState: "SPLIT_BRAIN", reason: "split" } },
    { name: "a split mode", fields: { reason: "split" } },
    { name: "no votes", fields: { quorumMet: false, reason: "no_votes" } },
    { name: "no store", fields: { quorumMet: false, reason: "store_unavailable" } },
  ];
  for (const { name, fields } of cases) {
    const keeper = new Keeper("SAFE");
    assert.equal(await setUp(keeper).applier.apply(decision(fields)), false, name);
    assert.deepEqual(keeper.asked, [], name);
    assert.equal(await setUp(undefined).applier.apply(decision(fields)), false, name);
  }
});

Deno.test("DecisionApplier never sets a verdict as a mode (F15)", async () => {
  const keeper = new Keeper("PRIMARY");
  const { applier } = setUp(keeper);
  await applier.apply(
    decision({ circuitState: "SPLIT_BRAIN", fallbackMode: "SAFE", reason: "split" }),
  );
  assert.deepEqual(keeper.asked, []);
});

Deno.test("DecisionApplier refuses a decision of an earlier term than one it applied", async () => {
  const keeper = new Keeper("PRIMARY");
  const { applier } = setUp(keeper);
  assert.equal(await applier.apply(decision({ term: 8, fallbackMode: "SAFE" })), true);
  assert.equal(await applier.apply(decision({ term: 7, fallbackMode: "PRIMARY" })), false);
  assert.equal(keeper.mode, "SAFE");
  assert.equal(await applier.apply(decision({ term: 8, fallbackMode: "PRIMARY" })), true);
  assert.equal(keeper.mode, "PRIMARY");
});

Deno.test("DecisionApplier does not take a decision that was not to be applied for one it applied", async () => {
  const { applier } = setUp(new Keeper("SAFE"));
  assert.equal(await applier.apply(decision({ term: 9, reason: "split" })), false);
  assert.equal(await applier.apply(decision({ term: 8 })), true);
});

Deno.test("DecisionApplier answers true without a keeper when there is a decision to apply", async () => {
  assert.equal(await setUp(undefined).applier.apply(decision({ fallbackMode: "SAFE" })), true);
});

Deno.test("DecisionApplier answers false and says so when the keeper refuses or breaks", async () => {
  const fails = (setMode: () => unknown): FallbackModeKeeper => ({
    mode: "SAFE",
    setMode: setMode as () => Promise<boolean>,
  });
  const throws = () => {
    throw new Error("broken");
  };
  const cases: { name: string; keeper: FallbackModeKeeper; faults: number; error: string }[] = [
    {
      name: "refuses",
      keeper: new Keeper("SAFE", false),
      faults: 0,
      error: "the fallback manager refused PRIMARY",
    },
    {
      name: "rejects",
      keeper: fails(() => Promise.reject(new Error("no"))),
      faults: 1,
      error: "Error: no",
    },
    { name: "throws", keeper: fails(throws), faults: 1, error: "Error: broken" },
    {
      name: "has no mode",
      keeper: { ...fails(throws), mode: undefined as unknown as string },
      faults: 1,
      error: "TypeError: Cannot read properties of undefined (reading 'toUpperCase')",
    },
  ];
  for (const { name, keeper, faults, error } of cases) {
    const { applier, counters } = setUp(keeper);
    assert.equal(await applier.apply(decision()), false, name);
    const { observerFaults, decisionsApplied, lastError } = counters.read();
    assert.deepEqual([observerFaults, decisionsApplied, lastError], [faults, 0, error], name);
  }
});

Deno.test("DecisionApplier gives up on a keeper that does not answer, and leaves no timer behind", async () => {
  const { applier, counters, clock } = setUp({
    mode: "SAFE",
    setMode: () => new Promise(() => {}),
  });
  const applied = applier.apply(decision());
  await clock.advance(100);
  assert.equal(await applied, false);
  assert.deepEqual(counters.read().lastError, "DeadlineError: no answer within 100 ms");
  assert.equal(counters.read().observerFaults, 1);
  assert.equal(clock.sleeperCount, 0);
});

Deno.test("DecisionApplier takes the answer of a keeper that answers at once", async () => {
  const setMode = (() => true) as unknown as () => Promise<boolean>;
  const { applier, counters, clock } = setUp({ mode: "SAFE", setMode });
  assert.equal(await applier.apply(decision()), true);
  assert.equal(counters.read().observerFaults, 0);
  await clock.advance(0);
  assert.equal(clock.sleeperCount, 0);
});

Deno.test("DecisionApplier tells the mode that the node chose from the one it was brought to", async () => {
  type Step = { decide: "PRIMARY" | "HEURISTIC" | "SAFE" } | { choose: string };
  const cases: { name: string; steps: Step[]; own: string }[] = [
    { name: "nothing happened", steps: [], own: "PRIMARY" },
    { name: "brought to another", steps: [{ decide: "SAFE" }], own: "PRIMARY" },
    { name: "brought back", steps: [{ decide: "SAFE" }, { decide: "PRIMARY" }], own: "PRIMARY" },
    { name: "chose another", steps: [{ choose: "SAFE" }], own: "SAFE" },
    {
      name: "chose, and was brought back",
      steps: [{ choose: "SAFE" }, { decide: "PRIMARY" }],
      own: "SAFE",
    },
    {
      name: "brought from one to the next",
      steps: [{ decide: "SAFE" }, { decide: "HEURISTIC" }],
      own: "PRIMARY",
    },
    {
      name: "chose while it was brought to another",
      steps: [{ decide: "SAFE" }, { choose: "HEURISTIC" }, { decide: "SAFE" }],
      own: "HEURISTIC",
    },
    {
      name: "chose what it had been brought to before",
      steps: [{ decide: "SAFE" }, { choose: "PRIMARY" }, { decide: "PRIMARY" }, { choose: "SAFE" }],
      own: "SAFE",
    },
    {
      name: "chose in lower case",
      steps: [{ choose: "heuristic" }, { decide: "HEURISTIC" }, { decide: "SAFE" }],
      own: "heuristic",
    },
  ];
  for (const { name, steps, own } of cases) {
    const keeper = new Keeper("PRIMARY");
    const { applier } = setUp(keeper);
    for (const step of steps) {
      if ("choose" in step) keeper.mode = step.choose;
      else await applier.apply(decision({ fallbackMode: step.decide }));
    }
    assert.equal(applier.ownMode(), own, name);
  }
  assert.equal(setUp(undefined).applier.ownMode(), undefined);
});

Deno.test("DecisionApplier does not take a mode for the node's own that a slow keeper is still changing to", async () => {
  const asked = Promise.withResolvers<boolean>();
  const keeper = { mode: "PRIMARY", setMode: () => asked.promise };
  const { applier } = setUp(keeper);
  const applied = applier.apply(decision({ fallbackMode: "SAFE" }));
  assert.equal(applier.ownMode(), "PRIMARY");
  keeper.mode = "SAFE";
  assert.equal(applier.ownMode(), "PRIMARY");
  asked.resolve(true);
  await applied;
  assert.equal(applier.ownMode(), "PRIMARY");
});

Deno.test("DecisionApplier knows the mode it applied again when the keeper spells it otherwise", async () => {
  const keeper = {
    mode: "primary",
    setMode(mode: string) {
      this.mode = mode.toLowerCase();
      return Promise.resolve(true);
    },
  };
  const { applier } = setUp(keeper);
  await applier.apply(decision({ fallbackMode: "SAFE" }));
  assert.deepEqual([keeper.mode, applier.ownMode()], ["safe", "primary"]);
});

Deno.test("DecisionApplier keeps the node's own mode when the keeper refuses another", async () => {
  const keeper = new Keeper("PRIMARY", false);
  const { applier } = setUp(keeper);
  await applier.apply(decision({ fallbackMode: "SAFE" }));
  assert.equal(applier.ownMode(), "PRIMARY");
});

Deno.test("DecisionApplier takes the keeper's word for the node's own mode, so that a cluster comes back", async () => {
  const clock = new FakeClock();
  const fallbackManager = new FallbackManager({ clock });
  const monitor = new HealthMonitor({ clock, fallbackManager });
  const { applier } = setUp(fallbackManager);
  await applier.apply(decision({ fallbackMode: "SAFE" }));
  assert.deepEqual([fallbackManager.mode, applier.ownMode()], ["SAFE", "PRIMARY"]);
  const state = await monitor.getComprehensiveState();
  assert.equal(
    state.fallback?.mode,
    "PRIMARY",
    "it would vote for the mode that it was brought to",
  );
});
