import { type ProbeFeature, Snapshot } from "./snapshot.ts";

/** How often {@link Snapshots.fill} begins again. */
const TURNS_MAX = 100;

/** What is to be probed anew: some features, or all. */
type Wanted = ReadonlySet<string> | "all";

/** A refresh that has not begun. */
interface WaitingRefresh {
  readonly wanted: Wanted;
  readonly done: Promise<void>;
}

/**
 * The snapshot in force, and how it is replaced: beside the old one, and by one assignment.
 * Refreshes run one after the other; those asked for while one waits become one with it, so that
 * whoever asks gets probes that began after the call, and at most two refreshes are under way.
 */
export class Snapshots {
  readonly #probeFeature: ProbeFeature;
  readonly #names: () => readonly string[];
  #current: Snapshot;
  #running: Promise<void> = Promise.resolve();
  #waiting: WaitingRefresh | null = null;

  /**
   * Begins with an empty snapshot.
   *
   * @param probeFeature Runs a feature's probe.
   * @param names Names of the features that there are.
   */
  constructor(probeFeature: ProbeFeature, names: () => readonly string[]) {
    this.#probeFeature = probeFeature;
    this.#names = names;
    this.#current = new Snapshot(probeFeature);
  }

  /** The snapshot in force. Whoever gives several answers takes all from the same one. */
  get current(): Snapshot {
    return this.#current;
  }

  /**
   * Probes features anew and swaps the snapshot once all have answered, unless it was invalidated
   * meanwhile: what was found may be older than that.
   *
   * @param features Their names; all when undefined.
   * @returns A promise that resolves after the swap.
   */
  refresh(features?: readonly string[]): Promise<void> {
    const wanted = joinWanted(this.#waiting?.wanted, features);
    const done = this.#waiting?.done ?? this.#running.then(() => {
      const next = this.#waiting?.wanted ?? "all";
      this.#waiting = null;
      return this.#running = this.#replace(next);
    });
    this.#waiting = { wanted, done };
    return done;
  }

  /**
   * Probes features that have no answer until the snapshot in force has one for each, also when it
   * was invalidated or more features were registered meanwhile.
   *
   * @param names Their names, asked for anew in each turn.
   * @returns A promise that resolves then. Gives up after 100 turns, which takes a probe that
   * invalidates or registers each time it runs.
   */
  async fill(names: () => readonly string[]): Promise<void> {
    for (let turn = 0; turn < TURNS_MAX; turn++) {
      const snapshot = this.#current;
      const unprobed = names().filter((name) => snapshot.read(name) === undefined);
      if (unprobed.length === 0) return;
      await Promise.all(unprobed.map((name) => snapshot.probe(name)));
    }
  }

  /** Drops the snapshot in force; a refresh that is running no longer replaces it. */
  invalidate(): void {
    this.#current = new Snapshot(this.#probeFeature);
  }

  async #replace(wanted: Wanted): Promise<void> {
    const old = this.#current;
    const next = new Snapshot(this.#probeFeature);
    const names = wanted === "all" ? this.#names() : [...wanted];
    if (wanted !== "all") next.adopt(old, wanted);
    await Promise.all(names.map((feature) => next.probe(feature)));
    if (this.#current !== old) return;
    // What was registered and probed meanwhile.
    next.adopt(old);
    this.#current = next;
  }
}

function joinWanted(waiting: Wanted | undefined, features: readonly string[] | undefined): Wanted {
  if (waiting === "all" || features === undefined) return "all";
  return new Set([...waiting ?? [], ...features]);
}
