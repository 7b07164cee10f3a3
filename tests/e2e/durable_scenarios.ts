import assert from "node:assert/strict";
import { openKv } from "@baton/orchestration/coordination";
import { DurableRuns, KvRunStore, type RunView } from "@baton/orchestration/engines";
import { type DurableEvent, type DurableSettings, RUN_ID } from "../support/durable_settings.ts";
import { freeze } from "../support/freeze.ts";
import { ProcessJournal } from "../support/process_journal.ts";
import type { Scenario } from "../support/scenario.ts";
import { type DurableEffect, readDurableEffects } from "./durable_effects.ts";

type Journal = ProcessJournal<DurableEvent>;

const WAIT_MAX_MS = 15_000;
const STEPS = ["costs", "report", "savings", "triage"];

/** Member processes on one store, and the files that they leave and wait for. */
class DurableWorld implements AsyncDisposable {
  readonly journal: Journal = new ProcessJournal("durable_member.ts");
  readonly #storePath: string;
  readonly #settings: DurableSettings;

  private constructor(storePath: string, settings: DurableSettings) {
    this.#storePath = storePath;
    this.#settings = settings;
  }

  static async open(storePath: string, leaseMs: number): Promise<DurableWorld> {
    const folder = await Deno.makeTempDir({ prefix: "baton-durable-" });
    return new DurableWorld(storePath, {
      leaseMs,
      folder,
      duty: "work",
      records: "under_term",
    });
  }

  /** Starts a member and waits until it leads, which it does once nobody else does. */
  async startLeader(id: string, settings: Partial<DurableSettings> = {}): Promise<number> {
    this.journal.spawn(this.#storePath, id, { ...this.#settings, ...settings });
    return (await this.told(id, "elected")).term!;
  }

  /** Lets an attempt of the step `costs` end. */
  async letCostsEnd(attempt: number): Promise<void> {
    await Deno.writeTextFile(`${this.#settings.folder}/costs-${attempt}`, "");
  }

  told(id: string, what: DurableEvent["event"], step?: string): Promise<DurableEvent> {
    const { events } = this.journal;
    return this.journal.until(
      `"${what}" of ${id}`,
      () =>
        events.find((one) =>
          one.instanceId === id && one.event === what && (step === undefined || one.step === step)
        ),
      WAIT_MAX_MS,
    );
  }

  effects(): Promise<DurableEffect[]> {
    return readDurableEffects(this.#settings.folder);
  }

  /** Waits for the effect of an attempt; effects are made before anything else can tell of them. */
  async effect(step: string, attempt: number): Promise<void> {
    const deadline = performance.now() + WAIT_MAX_MS;
    const isThere = (one: DurableEffect) => one.step === step && one.attempt === attempt;
    while (!(await this.effects()).some(isThere)) {
      const what = `attempt ${attempt} of ${step}`;
      assert.ok(performance.now() < deadline, `no ${what}: ${this.journal.tail}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async run(): Promise<RunView> {
    using kv = await openKv(this.#storePath);
    return (await new DurableRuns({ store: new KvRunStore({ kv }) }).read(RUN_ID))!;
  }

  freeze(id: string): Promise<number> {
    return freeze(this.journal.live.get(id)!, this.#storePath);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.journal[Symbol.asyncDispose]();
    await Deno.remove(this.#settings.folder, { recursive: true });
  }
}

/** What must have become of the run: who did which attempt of a step. */
interface Outcome {
  /** Each effect, as `step attempt by`. */
  readonly effects: readonly string[];
  /** Each recorded result, in the same form. */
  readonly results: readonly string[];
}

async function assertOutcome(world: DurableWorld, expected: Outcome): Promise<void> {
  const { status, results, owner } = await world.run();
  assert.equal(status, "completed");
  assert.equal(owner, null, "nobody works on it any more");
  const recorded = [...results].map(([step, { result }]) => {
    const { attempt, by } = result as unknown as DurableEffect;
    return `${step} ${attempt} ${by}`;
  });
  assert.deepEqual(recorded.sort(), expected.results);
  const effects = await world.effects();
  const shown = effects.map(({ step, attempt, by }) => `${step} ${attempt} ${by}`);
  assert.deepEqual(shown.sort(), expected.effects);
  assert.ok(effects.every(({ run }) => run === RUN_ID));
  const { events, stderr } = world.journal;
  const told = events.filter(({ event }) => event === "recorded").map(({ step }) => step);
  assert.deepEqual(told.sort(), STEPS, "each result was recorded once");
  assert.deepEqual(events.filter(({ event }) => event === "failed"), []);
  assert.equal(stderr, "", "no process complained");
}

/** Starts the run, and waits until only `costs` keeps it from its report. */
async function startInsideCosts(
  world: DurableWorld,
  settings: Partial<DurableSettings> = {},
): Promise<number> {
  const term = await world.startLeader("a", settings);
  await Promise.all([world.effect("costs", 1), world.told("a", "recorded", "savings")]);
  return term;
}

async function repeatsCutStep(storePath: string, leaseMs: number): Promise<void> {
  await using world = await DurableWorld.open(storePath, leaseMs);
  const before = await startInsideCosts(world);
  await world.journal.kill("a");
  const after = await world.startLeader("b");
  assert.ok(after > before, "it goes on under a later term");
  await world.letCostsEnd(2);
  const { statuses } = await world.told("b", "ended");
  assert.deepEqual(statuses, Object.fromEntries(STEPS.map((step) => [step, "completed"])));
  await assertOutcome(world, {
    effects: ["costs 1 a", "costs 2 b", "report 1 b", "savings 1 a", "triage 1 a"],
    results: ["costs 2 b", "report 1 b", "savings 1 a", "triage 1 a"],
  });
}

async function repeatsNothing(storePath: string, leaseMs: number): Promise<void> {
  await using world = await DurableWorld.open(storePath, leaseMs);
  await killBefore(world, "report");
  await assertOutcome(world, {
    effects: ["costs 1 a", "report 1 b", "savings 1 a", "triage 1 a"],
    results: ["costs 1 a", "report 1 b", "savings 1 a", "triage 1 a"],
  });
}

async function endsWhatIsDone(storePath: string, leaseMs: number): Promise<void> {
  await using world = await DurableWorld.open(storePath, leaseMs);
  await killBefore(world, "end");
  await assertOutcome(world, {
    effects: ["costs 1 a", "report 1 a", "savings 1 a", "triage 1 a"],
    results: ["costs 1 a", "report 1 a", "savings 1 a", "triage 1 a"],
  });
}

/** Kills the owner there, and waits until the next one has ended the run. */
async function killBefore(world: DurableWorld, stopsBefore: string): Promise<void> {
  await world.letCostsEnd(1);
  await world.startLeader("a", { stopsBefore });
  await world.told("a", "stopped");
  await world.journal.kill("a");
  await world.startLeader("b");
  await world.told("b", "ended");
}

async function forgetsFrozenOwner(
  storePath: string,
  leaseMs: number,
  records: DurableSettings["records"],
): Promise<void> {
  await using world = await DurableWorld.open(storePath, leaseMs);
  await startInsideCosts(world, { records });
  const frozen = world.journal.live.get("a")!;
  await world.freeze("a");
  await world.startLeader("b");
  await world.effect("costs", 2);
  await world.letCostsEnd(1);
  frozen.kill("SIGCONT");
  const refused = await world.told("a", "refused");
  assert.equal(refused.code, "RUN_SUPERSEDED");
  const { status, owner, results } = await world.run();
  assert.deepEqual([status, owner?.term], ["running", 2], "the new owner has it still");
  assert.deepEqual([...results.keys()].sort(), ["savings", "triage"]);
  await world.letCostsEnd(2);
  await world.told("b", "ended");
  await assertOutcome(world, {
    effects: ["costs 1 a", "costs 2 b", "report 1 b", "savings 1 a", "triage 1 a"],
    results: ["costs 2 b", "report 1 b", "savings 1 a", "triage 1 a"],
  });
}

/** Nobody took the run over: it is the leader's term alone that the first one lacks. */
async function refusesDeposedOwner(storePath: string, leaseMs: number): Promise<void> {
  await using world = await DurableWorld.open(storePath, leaseMs);
  await startInsideCosts(world, { records: "without_asking" });
  const frozen = world.journal.live.get("a")!;
  await world.freeze("a");
  await world.startLeader("b", { duty: "nothing" });
  await world.letCostsEnd(1);
  frozen.kill("SIGCONT");
  await world.told("a", "refused");
  const { owner, results } = await world.run();
  assert.deepEqual([owner?.term, results.has("costs")], [1, false]);
  await world.journal.kill("a");
  await world.journal.kill("b");
  await world.startLeader("c");
  await world.letCostsEnd(2);
  await world.told("c", "ended");
  await assertOutcome(world, {
    effects: ["costs 1 a", "costs 2 c", "report 1 c", "savings 1 a", "triage 1 a"],
    results: ["costs 2 c", "report 1 c", "savings 1 a", "triage 1 a"],
  });
}

/** What becomes of a durable run whose process is killed or frozen in the middle of it. */
export const DURABLE_SCENARIOS: readonly Scenario[] = [
  {
    name: "the next leader repeats the step in which the run's owner was killed, and no other",
    run: repeatsCutStep,
  },
  {
    name: "the next leader repeats nothing when the run's owner was killed between two steps",
    run: repeatsNothing,
  },
  {
    name: "the next leader ends a run whose owner was killed when all its steps were recorded",
    run: endsWhatIsDone,
  },
  {
    name: "an owner that was frozen until another took the run over cannot record",
    run: (storePath, leaseMs) => forgetsFrozenOwner(storePath, leaseMs, "under_term"),
  },
  {
    name:
      "an owner without a term cannot record after it was frozen until another took the run over",
    run: (storePath, leaseMs) => forgetsFrozenOwner(storePath, leaseMs, "as_owner"),
  },
  {
    name: "an owner that was deposed cannot record, even before anybody takes the run over",
    run: refusesDeposedOwner,
  },
];
