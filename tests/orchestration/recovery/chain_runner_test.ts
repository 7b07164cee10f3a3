import assert from "node:assert/strict";
import { RecoveryResult } from "../../../enums/recovery_result.ts";
import type { RecoveryChain } from "../../../orchestration/recovery/recovery_chain.ts";
import { addPause } from "../../../orchestration/recovery/recovery_pause.ts";
import type { StorageWrite } from "../../../orchestration/recovery/recovery_storage.ts";
import {
  aRequest,
  away,
  COMMIT_FAULTS,
  gate,
  type MachineProcess,
  MachineWorld,
  policyOf,
  TestTerm,
} from "./machine_world.ts";

const LONG_MS = 600_000;
const CANNOT = "cannot be stored: too much";

const chainOf = ({ key, value }: StorageWrite) =>
  key.includes("chains") ? value as RecoveryChain : null;
const atOf = (write: StorageWrite) => chainOf(write)?.at;
const outcomesOf = (write: StorageWrite) => chainOf(write)?.outcomes.length;
const attemptOf = (write: StorageWrite) => {
  const at = atOf(write);
  return at?.kind === "running" ? at.execution.attempt : undefined;
};
const reportOf = (write: StorageWrite) => {
  const { report } = (atOf(write) ?? write.value) as { readonly report?: string | null };
  return report ?? null;
};

/** Three steps: one that is tried again, one that fails, one that is looked at twice. */
async function threeSteps(): Promise<MachineWorld> {
  const world = await MachineWorld.open({
    poll_interval: 3_600,
    recovery_actions: { retried: { max_retries: 1 } },
    recovery_policies: { crash: policyOf("retried", "failing", "looked_at") },
    advanced: { step_delay_seconds: 2, max_concurrent_actions: 1 },
  });
  world.action("retried", ({ attempt }) => {
    if (attempt === 1) throw new Error("not yet");
    return "done";
  });
  world.action("failing", () => {
    throw new Error("never");
  });
  let looks = 0;
  world.action("looked_at", () => {}, { verify: () => ++looks >= 2 });
  await world.enqueue("crash");
  return world;
}

/** What must hold of three steps, whatever went wrong on the way. */
async function assertDoneOnce(world: MachineWorld, name: string): Promise<void> {
  assert.deepEqual(await world.chains(), [], `${name}: chains`);
  assert.deepEqual(await world.pending(), [], `${name}: pending`);
  const history = await world.history();
  assert.deepEqual(
    history.map(({ seq, step, action_type, result }) => [seq, step, action_type, result]),
    [[0, 1, "retried", "success"], [1, 2, "failing", "failed"], [2, 3, "looked_at", "success"]],
    `${name}: history`,
  );
  for (const { id, action_type } of history) {
    const runs = world.effects.filter(({ action }) => action === action_type);
    const ids = new Set(runs.map(({ executionId }) => executionId));
    assert.deepEqual([...ids], [id], `${name}: one execution of ${action_type}`);
    const attempts = runs.map(({ attempt }) => attempt);
    const ascending = [...new Set(attempts)].sort((a, b) => a - b);
    assert.deepEqual(attempts, ascending, `${name}: attempts of ${action_type}`);
  }
  const { counters, runsMs, byAction, byAnomaly, byResult, nextSeq } = await world.ledger();
  const { executed, succeeded, failed, skipped, anomalies, recoveries } = counters;
  assert.deepEqual(
    { executed, succeeded, failed, skipped, anomalies, recoveries, runs: runsMs.length, nextSeq },
    {
      executed: 3,
      succeeded: 2,
      failed: 1,
      skipped: 0,
      anomalies: 1,
      recoveries: 1,
      runs: 3,
      nextSeq: 3,
    },
    `${name}: counters`,
  );
  assert.deepEqual(Object.fromEntries(byAction), { retried: 1, failing: 1, looked_at: 1 }, name);
  assert.deepEqual(Object.fromEntries(byAnomaly), { crash: 1 }, name);
  assert.deepEqual(Object.fromEntries(byResult), { success: 2, failed: 1 }, name);
}

const runsOf = (world: MachineWorld) =>
  world.effects.map(({ action, attempt }) => `${action} ${attempt}`);
const EACH_ONCE = ["retried 1", "retried 2", "failing 1", "looked_at 1"];

/** How many commits three steps take when nothing goes wrong. */
async function countCommits(): Promise<number> {
  const world = await threeSteps();
  const process = world.start();
  await world.clock.advance(LONG_MS);
  await assertDoneOnce(world, "undisturbed");
  assert.deepEqual(runsOf(world), EACH_ONCE);
  assert.equal((await world.ledger()).counters.interrupted, 0);
  await world.end(process);
  return process.storage.commits;
}

Deno.test("ChainRunner runs each effect once when any one commit is refused, lost or late", async () => {
  const commits = await countCommits();
  assert.ok(commits >= 10, `only ${commits} commits`);
  for (let number = 1; number <= commits; number++) {
    for (const fault of COMMIT_FAULTS) {
      const name = `commit ${number} ${fault}`;
      const world = await threeSteps();
      const process = world.start();
      process.storage.plan.set(number, fault);
      await world.clock.advance(LONG_MS);
      assert.ok(process.storage.commits >= number, `${name}: never came to it`);
      await assertDoneOnce(world, name);
      assert.deepEqual(runsOf(world), EACH_ONCE, name);
      assert.equal((await world.ledger()).counters.interrupted, 0, `${name}: interrupted`);
      assert.deepEqual((await world.history()).map((each) => each.attempts), [2, 1, 1], name);
      assert.deepEqual(world.told.map(({ seq }) => seq), [0, 1, 2], `${name}: told`);
      await world.end(process);
    }
  }
});

Deno.test("ChainRunner runs each effect once when two commits in a row go wrong", async () => {
  const commits = await countCommits();
  for (let number = 1; number < commits; number++) {
    for (const first of COMMIT_FAULTS) {
      for (const second of COMMIT_FAULTS) {
        const name = `commit ${number} ${first}, then ${second}`;
        const world = await threeSteps();
        const process = world.start();
        process.storage.plan.set(number, first).set(number + 1, second);
        await world.clock.advance(LONG_MS);
        await assertDoneOnce(world, name);
        assert.deepEqual(runsOf(world), EACH_ONCE, name);
        await world.end(process);
      }
    }
  }
});

Deno.test("ChainRunner is gone on with at the right step when its process dies at any commit", async () => {
  const commits = await countCommits();
  for (let number = 1; number <= commits; number++) {
    for (const moment of ["before", "after"] as const) {
      const name = `death ${moment} commit ${number}`;
      const world = await threeSteps();
      const first = world.start({ term: new TestTerm(1) });
      first.storage.onCommit = (at, when) => {
        if (at === number && when === moment) first.die();
      };
      await world.clock.advance(LONG_MS);
      const before = world.effects.length;
      const second = world.start({ term: new TestTerm(2) });
      await world.clock.advance(LONG_MS);
      await assertDoneOnce(world, name);
      const { interrupted } = (await world.ledger()).counters;
      assert.ok(interrupted <= 1, `${name}: interrupted ${interrupted} times`);
      const extra = world.effects.length - EACH_ONCE.length;
      assert.ok(extra <= 1, `${name}: ${runsOf(world)}`);
      for (const { fence } of world.effects.slice(before)) assert.equal(fence, "fence-2", name);
      await world.end(first, second);
    }
  }
});

Deno.test("ChainRunner makes the same execution once more when its process died in it, three times at most", async () => {
  const world = await MachineWorld.open({
    poll_interval: 3_600,
    recovery_policies: { crash: policyOf("hangs", "next") },
  });
  world.action("hangs", () => new Promise(() => {}));
  world.action("next");
  await world.enqueue("crash");
  const processes: MachineProcess[] = [];
  for (let death = 0; death < 3; death++) {
    const process = world.start();
    processes.push(process);
    await world.clock.advance(1_000);
    process.die();
    await world.clock.advance(0);
  }
  assert.deepEqual(runsOf(world), ["hangs 1", "hangs 2", "hangs 3"]);
  assert.equal(new Set(world.effects.map(({ executionId }) => executionId)).size, 1);
  processes.push(world.start());
  await world.clock.advance(1_000);
  assert.deepEqual(runsOf(world).slice(3), ["next 1"]);
  const [hung, next] = await world.history();
  assert.equal(hung?.result, RecoveryResult.FAILED);
  assert.match(hung?.error ?? "", /interrupted 3 times/);
  assert.equal(hung?.attempts, 3);
  assert.equal(next?.result, RecoveryResult.SUCCESS);
  const { counters, runsMs } = await world.ledger();
  assert.equal(counters.interrupted, 2);
  assert.equal(runsMs.length, 2);
  await world.endAfterGrace(...processes);
});

/** What people may have done while an interrupted action waited for who goes on with it. */
const HINDRANCES: readonly {
  readonly name: string;
  readonly arrange: (world: MachineWorld) => unknown;
  readonly error: string | null;
  /** What becomes of it when a person asked for it. */
  readonly byHand: string | null;
}[] = [
  { name: "nothing", arrange: () => {}, error: null, byHand: null },
  {
    name: "recovery is switched off",
    arrange: (world) => world.rules = { ...world.rules, enabled: false },
    error: "it is switched off",
    byHand: "it is switched off",
  },
  {
    name: "the action is switched off",
    arrange: (world) => {
      const off = { ...world.rules.actions.get("hangs")!, enabled: false };
      world.rules = { ...world.rules, actions: new Map(world.rules.actions).set("hangs", off) };
    },
    error: "it is switched off",
    byHand: "it is switched off",
  },
  {
    name: "it is a dry run",
    arrange: (world) => world.isDryRun = true,
    error: "it is a dry run now",
    byHand: "it is a dry run now",
  },
  {
    name: "recovery is paused",
    arrange: ({ memory, clock }) =>
      addPause(memory, { reason: "deploy", actor: "ann" }, clock.now()),
    error: "paused: deploy (ann)",
    byHand: null,
  },
];

Deno.test("ChainRunner does not run an interrupted action again that people hold back since", async () => {
  for (const { name, arrange, error, byHand } of HINDRANCES) {
    for (const isByHand of [false, true]) {
      const shown = `${name}${isByHand ? ", by hand" : ""}`;
      const world = await MachineWorld.open({
        poll_interval: 3_600,
        recovery_policies: { crash: policyOf("hangs") },
        recovery_actions: { hangs: {} },
      });
      world.action(
        "hangs",
        ({ attempt, clock, signal }) => attempt === 1 ? clock.sleep(60_000, { signal }) : undefined,
      );
      if (!isByHand) await world.enqueue("crash");
      const first = world.start();
      await world.clock.advance(0);
      if (isByHand) first.worker.perform(aRequest("hangs"));
      await world.clock.advance(1_000);
      assert.deepEqual(runsOf(world), ["hangs 1"], shown);
      first.die();
      await arrange(world);
      const second = world.start();
      await world.clock.advance(1_000);
      const expected = isByHand ? byHand : error;
      const [entry, ...more] = await world.history();
      assert.deepEqual(more, [], shown);
      assert.deepEqual(
        [entry?.result, entry?.error, entry?.attempts],
        expected === null
          ? [RecoveryResult.SUCCESS, null, 2]
          : [RecoveryResult.FAILED, `interrupted, and not run again: ${expected}`, 1],
        shown,
      );
      assert.equal(world.effects.length, expected === null ? 2 : 1, shown);
      assert.deepEqual(await world.chains(), [], shown);
      await world.end(first, second);
    }
  }
});

Deno.test("ChainRunner does not try an action again that people hold back since it failed", async () => {
  for (const { name, arrange, error, byHand } of HINDRANCES) {
    for (const isByHand of [false, true]) {
      const shown = `${name}${isByHand ? ", by hand" : ""}`;
      const world = await MachineWorld.open({
        poll_interval: 3_600,
        recovery_policies: { crash: policyOf("hangs") },
        recovery_actions: { hangs: { max_retries: 2 } },
      });
      world.action("hangs", ({ attempt }) => {
        if (attempt === 1) throw new Error("no luck");
      });
      if (!isByHand) await world.enqueue("crash");
      const process = world.start();
      await world.clock.advance(0);
      if (isByHand) process.worker.perform(aRequest("hangs"));
      await world.clock.advance(0);
      assert.deepEqual(runsOf(world), ["hangs 1"], shown);
      await arrange(world);
      await world.clock.advance(LONG_MS);
      const expected = isByHand ? byHand : error;
      const [entry, ...more] = await world.history();
      assert.deepEqual(more, [], shown);
      assert.deepEqual(
        [entry?.result, entry?.error, entry?.attempts],
        expected === null
          ? [RecoveryResult.SUCCESS, null, 2]
          : [RecoveryResult.FAILED, `not tried again: ${expected}; it failed: Error: no luck`, 1],
        shown,
      );
      assert.equal(world.effects.length, expected === null ? 2 : 1, shown);
      assert.deepEqual(await world.chains(), [], shown);
      await world.end(process);
    }
  }
});

/** What no storage takes, and what becomes of a chain of "act", which reports "done", and "next". */
const TOO_LARGE: readonly {
  readonly name: string;
  /** Whether a write is refused. */
  readonly refuses: (write: StorageWrite) => boolean;
  readonly condition?: string;
  readonly arrange?: (world: MachineWorld) => void;
  readonly runs: readonly string[];
  /** Result, error, attempts, report, verified. */
  readonly history: readonly (readonly unknown[])[];
}[] = [
  {
    name: "the report, while it is looked",
    refuses: (write) => atOf(write)?.kind === "verifying" && reportOf(write) !== null,
    runs: ["act 1", "next 1"],
    history: [["success", null, 1, null, true], ["success", null, 1, null, null]],
  },
  {
    name: "that it is looked",
    refuses: (write) => atOf(write)?.kind === "verifying",
    runs: ["act 1", "next 1"],
    history: [["success", null, 1, "done", null], ["success", null, 1, null, null]],
  },
  {
    name: "the entry",
    refuses: (write) => write.key.includes("history") && reportOf(write) !== null,
    runs: ["act 1", "next 1"],
    history: [["success", null, 1, null, true], ["success", null, 1, null, null]],
  },
  {
    name: "another attempt",
    refuses: (write) => attemptOf(write) === 2,
    arrange: (world) =>
      world.action("act", () => {
        throw new Error("no luck");
      }),
    runs: ["act 1", "next 1"],
    history: [["failed", CANNOT, 1, null, null], ["success", null, 1, null, null]],
  },
  {
    name: "another look",
    refuses: (write) => {
      const at = atOf(write);
      return at?.kind === "verifying" && at.checks > 0;
    },
    arrange: (world) => world.action("act", () => "done", { verify: () => false }),
    runs: ["act 1", "next 1"],
    history: [["failed", CANNOT, 1, null, null], ["success", null, 1, null, null]],
  },
  {
    name: "a decision",
    refuses: (write) => atOf(write)?.kind === "running",
    runs: [],
    history: [["failed", CANNOT, 0, null, null]],
  },
  {
    name: "the decision after the first",
    refuses: (write) => atOf(write)?.kind === "running" && outcomesOf(write) === 1,
    runs: ["act 1"],
    history: [["success", null, 1, "done", true], ["failed", CANNOT, 0, null, null]],
  },
  {
    name: "a refusal",
    refuses: (write) => outcomesOf(write) === 1,
    condition: "severity < 0.5",
    runs: [],
    history: [["failed", CANNOT, 0, null, null]],
  },
];

Deno.test("ChainRunner neither runs an action again nor tries for ever when no storage takes what became of it", async () => {
  for (const { name, refuses, condition, arrange, runs, history } of TOO_LARGE) {
    const world = await MachineWorld.open({
      poll_interval: 3_600,
      recovery_policies: {
        crash: policyOf({ action: "act", params: { a: 1 }, ...condition && { condition } }, "next"),
        other: policyOf("else"),
      },
      recovery_actions: { act: { max_retries: 1 } },
    });
    world.action("act", () => "done", { verify: () => true });
    world.action("next");
    world.action("else");
    arrange?.(world);
    await world.enqueue("crash");
    const process = world.start();
    const commit = process.storage.commit.bind(process.storage);
    process.storage.commit = async (change) => {
      if (change.sets?.some(refuses)) throw new RangeError("too much");
      return await commit(change);
    };
    await world.clock.advance(LONG_MS);
    assert.deepEqual(runsOf(world), runs, name);
    const entries = await world.history();
    assert.deepEqual(
      entries.map((each) => [each.result, each.error, each.attempts, each.report, each.verified]),
      history,
      name,
    );
    assert.deepEqual(await world.chains(), [], name);
    assert.deepEqual((await world.ledger()).byAnomaly.get("crash"), 1, name);
    assert.deepEqual(world.told.map(({ seq }) => seq), entries.map(({ seq }) => seq), name);
    assert.ok(world.telemetry.faults >= 1 && world.telemetry.faults <= 2, name);
    assert.match(world.telemetry.lastFault ?? "", /RangeError: too much/, name);
    process.storage.commit = commit;
    await world.enqueue("other");
    process.worker.noteWaiting();
    await world.clock.advance(1_000);
    assert.equal(runsOf(world).at(-1), "else 1", name);
    await world.end(process);
  }
});

/** Where a chain of three steps can be when the work ends, and how it gets there. */
const STATES: readonly {
  readonly name: string;
  readonly advanceMs: number;
  readonly runs: number;
}[] = [
  { name: "in the retry pause", advanceMs: 100, runs: 1 },
  { name: "sleeping before the second step", advanceMs: 1_000, runs: 2 },
  { name: "sleeping before the third step", advanceMs: 3_000, runs: 3 },
  { name: "before the first look", advanceMs: 10_000, runs: 4 },
  { name: "before the second look", advanceMs: 45_000, runs: 4 },
];

Deno.test("ChainRunner does nothing more and leaves nothing behind when it is stopped, wherever it is", async () => {
  for (const { name, advanceMs, runs } of STATES) {
    const world = await threeSteps();
    const process = world.start();
    await world.clock.advance(advanceMs);
    assert.equal(world.effects.length, runs, `${name}: not there`);
    await world.end(process);
    const { commits } = process.storage;
    await world.clock.advance(LONG_MS);
    assert.equal(world.effects.length, runs, name);
    assert.equal(process.storage.commits, commits, name);
    const next = world.start();
    await world.clock.advance(LONG_MS);
    await assertDoneOnce(world, name);
    await world.end(next);
  }
});

Deno.test("ChainRunner has no further effect and no record when its term is over, wherever it is", async () => {
  for (const { name, advanceMs, runs } of STATES) {
    const world = await threeSteps();
    const first = world.start({ term: new TestTerm(1) });
    await world.clock.advance(advanceMs);
    assert.equal(world.effects.length, runs, `${name}: not there`);
    first.term!.isOver = true; // its signal is late
    const version = (await world.memory.get(world.keys.ledger))?.version;
    await world.clock.advance(LONG_MS);
    assert.equal(world.effects.length, runs, name);
    assert.equal((await world.memory.get(world.keys.ledger))?.version, version, name);
    const second = world.start({ term: new TestTerm(2) });
    await world.clock.advance(LONG_MS);
    await assertDoneOnce(world, name);
    assert.ok(world.effects.slice(runs).every(({ fence }) => fence === "fence-2"), name);
    assert.equal((await world.history()).at(-1)?.node, "n", name);
    await world.end(first, second);
  }
});

Deno.test("ChainRunner has no effect when its term ends while the decision is stored", async () => {
  for (const moment of ["before", "after"] as const) {
    const world = await threeSteps();
    const first = world.start({ term: new TestTerm(1) });
    first.storage.onCommit = (number, when) => {
      if (number === 3 && when === moment) first.term!.isOver = true;
    };
    await world.clock.advance(LONG_MS);
    assert.deepEqual(runsOf(world), [], moment);
    const second = world.start({ term: new TestTerm(2) });
    await world.clock.advance(LONG_MS);
    await assertDoneOnce(world, moment);
    await world.end(first, second);
  }
});

Deno.test("ChainRunner does not keep an earlier term's attempt when it comes to its end after all", async () => {
  const world = await MachineWorld.open({
    poll_interval: 3_600,
    recovery_policies: { crash: policyOf("slow") },
  });
  const { opened, open } = gate();
  world.action("slow", ({ attempt }) => attempt === 1 ? opened : "second");
  await world.enqueue("crash");
  const first = world.start({ term: new TestTerm(1) });
  await world.clock.advance(1_000);
  first.term!.isOver = true;
  const second = world.start({ term: new TestTerm(2) });
  await world.clock.advance(1_000);
  open();
  await world.clock.advance(1_000);
  const history = await world.history();
  assert.deepEqual(history.map(({ report, term, attempts }) => [report, term, attempts]), [[
    "second",
    1,
    2,
  ]]);
  await world.end(first, second);
});

Deno.test("ChainRunner has no further effect and no record when a fence refuses it, wherever it is", async () => {
  for (const { name, advanceMs, runs } of STATES) {
    const world = await threeSteps();
    const first = world.start({ term: new TestTerm(1) });
    await world.clock.advance(advanceMs);
    assert.equal(world.effects.length, runs, `${name}: not there`);
    first.storage.isFenced = true; // it does not know that it was followed
    const second = world.start({ term: new TestTerm(2) });
    await world.clock.advance(100_000);
    await assertDoneOnce(world, name);
    assert.ok(world.effects.slice(runs).every(({ fence }) => fence === "fence-2"), name);
    assert.deepEqual(world.told.map(({ seq }) => seq), [0, 1, 2], `${name}: told`);
    await world.end(first, second);
  }
});

/** Numbers in [0, 1) that are the same for the same seed. */
function chanceOf(seed: number): () => number {
  let state = seed * 2_654_435_761 >>> 0;
  return () => {
    state = Math.imul(state ^ state >>> 15, state | 1);
    state ^= state + Math.imul(state ^ state >>> 7, state | 61);
    return ((state ^ state >>> 14) >>> 0) / 2 ** 32;
  };
}

Deno.test("ChainRunner decides each step once, whatever goes wrong with its storage and its processes", async () => {
  for (let seed = 1; seed <= 150; seed++) {
    const name = `seed ${seed}`;
    const chance = chanceOf(seed);
    const world = await threeSteps();
    const processes: MachineProcess[] = [];
    const deaths = Math.floor(chance() * 3);
    for (let life = 0; life <= deaths; life++) {
      const process = world.start({ term: new TestTerm(life + 1), inboxMs: 1_000 });
      processes.push(process);
      for (let number = 1; number <= 200; number++) {
        if (chance() > 0.4) continue;
        process.storage.plan.set(number, COMMIT_FAULTS[Math.floor(chance() * 4)]!);
      }
      process.storage.onCall = () => {
        if (chance() < 0.1) throw away();
      };
      process.ended.catch(() => {}); // it could not even begin: the next one will
      if (life === deaths) break;
      await world.clock.advance(chance() * 90_000);
      process.die();
    }
    const last = processes.at(-1)!;
    await world.clock.advance(LONG_MS);
    last.die();
    const whole = world.start({ term: new TestTerm(9) });
    await world.clock.advance(LONG_MS);
    await assertDoneOnce(world, name);
    await world.end(...processes, whole);
  }
});
