import type { SimCluster } from "../../testing/sim_cluster.ts";
import type { Worker } from "./workload.ts";
import type { SimCommit } from "../../testing/sim_store_state.ts";

/** What the invariants need of a term key's value. */
interface TermValue {
  readonly term: number;
  readonly holderId: string | null;
  readonly incarnation: string;
}

/** How long a term that its holder does not know of stands in the way: a lease and a safety poll. */
const TAKEN_OVER_WITHIN_MS = 1_300;

/** What leaders write under their fence in this simulation. */
export const REGISTER: Deno.KvKey = ["register"];

/**
 * I1 one leader a term, I2 terms grow, I3 no fenced write by an old term, I4 belief is truth: checked
 * against the true state of the store and true time.
 */
export class ElectionInvariants {
  readonly #cluster: SimCluster;
  readonly #termKey: string;
  readonly #workers: () => ReadonlyMap<number, Worker>;
  readonly #rests: boolean;
  readonly #holders = new Map<number, string>();
  readonly #beliefs = new Map<number, number>();
  #current: TermValue | null = null;
  #highest = 0;
  #takenAtMs = -Infinity;
  #hasLostHistory = false;

  constructor(
    cluster: SimCluster,
    termKey: Deno.KvKey,
    workers: () => ReadonlyMap<number, Worker>,
  ) {
    this.#cluster = cluster;
    this.#termKey = JSON.stringify(termKey);
    this.#workers = workers;
    const { classes, actions } = cluster.schedule;
    const isSuspended = actions.some((action) => action.kind === "pause" && !action.monotonic);
    this.#rests = !classes.includes("clockRate") &&
      !(isSuspended && classes.includes("wallJump"));
  }

  /** The term that the store shows. */
  get current(): TermValue | null {
    return this.#current;
  }

  /** The store was set back: what was promised before is void. */
  historyLost(): void {
    this.#hasLostHistory = true;
    this.#current = this.#read<TermValue | null>(JSON.parse(this.#termKey));
    this.#holders.clear();
    this.#highest = this.#current?.term ?? 0;
    if (this.#current) this.#holders.set(this.#current.term, this.#current.incarnation);
  }

  /** Nobody can believe any more what was true before. */
  historyStands(): void {
    this.#hasLostHistory = false;
  }

  /** Looks at a commit, at the moment at which it is applied. */
  committed({ keys }: SimCommit): void {
    const before = this.#current;
    for (const key of keys) {
      if (key[0] === REGISTER[0]) this.#registerWritten(this.#read(key), before);
      else if (isAssignment(key)) this.#assigned(key, before);
      else if (JSON.stringify(key) === this.#termKey) this.#termWritten(this.#read(key));
    }
  }

  #read<T>(key: Deno.KvKey): T {
    return this.#cluster.store.peek<T>(key).value as T;
  }

  #termWritten(value: TermValue | null): void {
    if (value === null) throw new Error("I2: the term key was deleted");
    const { term, holderId, incarnation } = value;
    const known = this.#holders.get(term);
    if (known !== undefined && known !== incarnation) {
      throw new Error(`I1: term ${term} is held by ${known} and by ${incarnation}`);
    }
    if (term < this.#highest || (term === this.#highest && known === undefined)) {
      throw new Error(`I2: term ${term} after ${this.#highest}`);
    }
    if (term === this.#highest && holderId !== null) {
      throw new Error(`I2: term ${term} was taken twice`);
    }
    const previous = this.#current;
    this.#holders.set(term, incarnation);
    this.#highest = term;
    this.#current = value;
    this.#takenAtMs = this.#cluster.time.nowMs;
    this.#cluster.note(null, "term", `${term} ${holderId ?? "released"}`);
    if (holderId === null) this.#cluster.witness("released");
    else if (previous?.holderId) this.#cluster.witness("takeover after expiry");
    else if (previous) this.#cluster.witness("takeover after release");
  }

  #registerWritten(value: { readonly term: number }, before: TermValue | null): void {
    this.#checkFenced("a fenced write", value.term, before);
  }

  #assigned(key: Deno.KvKey, before: TermValue | null): void {
    if (this.#read(key) !== null) this.#checkFenced("an assignment", Number(key.at(-2)), before);
  }

  #checkFenced(what: string, term: number, before: TermValue | null): void {
    if (before?.holderId && before.term === term) return;
    throw new Error(
      `I3: ${what} of term ${term} committed in ` +
        `${before?.holderId ? "" : "released "}term ${before?.term}`,
    );
  }

  /** Looks at what every process believes at this moment. */
  checkBeliefs(): void {
    for (const [node, { coordinator, isAwake }] of this.#workers()) {
      const held = isAwake() ? coordinator.term : null;
      const was = this.#beliefs.get(node) ?? 0;
      if ((held?.term ?? 0) !== was) {
        this.#beliefs.set(node, held?.term ?? 0);
        this.#cluster.note(node, "belief", held ? String(held.term) : "");
      }
      if (held && this.areClocksTrusted) this.#checkBelief(held);
    }
  }

  #checkBelief(held: { readonly term: number; readonly holderId: string }): void {
    const current = this.#current;
    if (current?.term === held.term && current.holderId === held.holderId) return;
    throw new Error(
      `I4: ${held.holderId} believes in term ${held.term}, the store names ` +
        `${current?.holderId} in term ${current?.term}`,
    );
  }

  /** At the end one process leads, unless a late write has just begun a term of which nobody knows. */
  checkEnd(leaders: number): void {
    const { schedule: { classes, endAtMs } } = this.#cluster;
    const slowness = classes.includes("clockRate") ? 2 : 1;
    const isTaken = endAtMs - this.#takenAtMs < slowness * TAKEN_OVER_WITHIN_MS;
    if (leaders === 1 || (leaders === 0 && isTaken)) return;
    throw new Error(`liveness: ${leaders} leaders after healing`);
  }

  /** Belief rests on clocks whose rates are not too far apart, and on a history that stands. */
  get areClocksTrusted(): boolean {
    return this.#rests && !this.#hasLostHistory;
  }
}

/** Ready items stand below the term in which they were assigned. */
function isAssignment(key: Deno.KvKey): boolean {
  return key[1] === "work" && key[3] === "ready";
}
