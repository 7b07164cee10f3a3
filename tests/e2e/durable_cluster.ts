import assert from "node:assert/strict";
import { openKv } from "@baton/orchestration/coordination";
import { DurableRuns, KvRunStore, type RunView } from "@baton/orchestration/engines";
import { freeze } from "../support/freeze.ts";
import { ProcessJournal, type TellingProcess, type Told } from "../support/process_journal.ts";
import { type DurableEffect, readDurableEffects } from "./durable_effects.ts";

const WAIT_MAX_MS = 20_000;
const RETRY_MS = 20;

/** How a node behaves. */
export interface DurableNodeSettings {
  readonly leaseMs: number;
  /** Where effects are left, and where the files are that let the step `costs` go on. */
  readonly folder: string;
  /** The runs that it starts. */
  readonly starts: readonly string[];
  /** Whether it goes on with a run that it claimed only once the test lets it. */
  readonly holdsClaims: boolean;
}

/** What a node told. */
export interface DurableNodeEvent extends Told {
  readonly event: "started" | "claimed" | "ended" | "gave_up";
  readonly run?: string;
  readonly code?: string;
  readonly message?: string;
}

/** Nodes of one cluster, each a real process, with the durable runs that they work on. */
export class DurableCluster implements AsyncDisposable {
  readonly journal: ProcessJournal<DurableNodeEvent> = new ProcessJournal("../e2e/durable_node.ts");
  readonly #storePath: string;
  readonly #leaseMs: number;
  readonly #folder: string;

  private constructor(storePath: string, leaseMs: number, folder: string) {
    this.#storePath = storePath;
    this.#leaseMs = leaseMs;
    this.#folder = folder;
  }

  static async open(storePath: string, leaseMs: number): Promise<DurableCluster> {
    const folder = await Deno.makeTempDir({ prefix: "baton-durable-" });
    return new DurableCluster(storePath, leaseMs, folder);
  }

  /** Starts a node and waits until it is a member. */
  start(id: string, ...starts: string[]): Promise<TellingProcess> {
    return this.#start(id, { starts, holdsClaims: false });
  }

  /** Starts a node that goes on with a run that it claimed only once the test lets it. */
  startHolding(id: string): Promise<TellingProcess> {
    return this.#start(id, { starts: [], holdsClaims: true });
  }

  /** Lets a node go on with a run that it claimed. */
  async letGoOn(run: string): Promise<void> {
    await Deno.writeTextFile(`${this.#folder}/${run}-claimed`, "");
  }

  async #start(
    id: string,
    how: Pick<DurableNodeSettings, "starts" | "holdsClaims">,
  ): Promise<TellingProcess> {
    const [leaseMs, folder] = [this.#leaseMs, this.#folder];
    const told = this.journal.events.filter(({ instanceId }) => instanceId === id).length;
    const node = this.journal.spawn(this.#storePath, id, { leaseMs, folder, ...how });
    const isNew = ({ instanceId, event }: DurableNodeEvent) =>
      instanceId === id && event === "started";
    const { events } = this.journal;
    await this.#until(
      `the start of ${id}`,
      () => events.filter((one) => one.instanceId === id).slice(told).find(isNew),
    );
    return node;
  }

  /** Lets an attempt of the step `costs` end. */
  async letCostsEnd(run: string, attempt: number): Promise<void> {
    await Deno.writeTextFile(`${this.#folder}/${run}-costs-${attempt}`, "");
  }

  /** Waits until somebody tells something of a run. */
  async told(event: DurableNodeEvent["event"], run: string): Promise<DurableNodeEvent> {
    const { events } = this.journal;
    return await this.#until(
      `"${event}" of ${run}`,
      () => events.find((one) => one.event === event && one.run === run),
    );
  }

  /** Waits for the effect of an attempt at the step `costs`. */
  async insideCosts(run: string, attempt: number): Promise<DurableEffect> {
    const deadline = performance.now() + WAIT_MAX_MS;
    for (;;) {
      const found = (await readDurableEffects(this.#folder)).find((one) =>
        one.run === run && one.step === "costs" && one.attempt === attempt
      );
      if (found) return found;
      assert.ok(performance.now() < deadline, `${run} is not so far: ${this.journal.tail}`);
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }

  /** @returns What the steps of a run left behind, sorted, each as `step attempt by`. */
  async effects(run: string): Promise<string[]> {
    const effects = await readDurableEffects(this.#folder);
    return effects.filter((one) => one.run === run).map(show).sort();
  }

  async read(run: string): Promise<RunView> {
    using kv = await openKv(this.#storePath);
    return (await new DurableRuns({ store: new KvRunStore({ kv }) }).read(run))!;
  }

  /** @returns The recorded results of a run, in the form of {@link DurableCluster.effects}. */
  async results(run: string): Promise<string[]> {
    const { results } = await this.read(run);
    return [...results].map(([step, { result }]) =>
      show({ ...(result as unknown as DurableEffect), step })
    ).sort();
  }

  freeze(node: TellingProcess): Promise<number> {
    return freeze(node, this.#storePath);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.journal[Symbol.asyncDispose]();
    await Deno.remove(this.#folder, { recursive: true });
  }

  #until<T>(what: string, find: () => T | undefined): Promise<T> {
    return this.journal.until(what, find, WAIT_MAX_MS);
  }
}

function show({ step, attempt, by }: DurableEffect): string {
  return `${step} ${attempt} ${by}`;
}
