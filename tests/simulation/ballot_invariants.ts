import { BallotKeys } from "../../coordination/ballots/ballot_keys.ts";
import type { SimCluster } from "../../testing/sim_cluster.ts";
import type { SimCommit } from "../../testing/sim_store_state.ts";

interface BallotValue {
  readonly ballot_id: string;
  readonly roll: string;
  readonly status: "open" | "sealed" | "decided";
  readonly choices: readonly string[];
  readonly electors: number;
  readonly outcome: {
    readonly choice: string | null;
    readonly tally: { readonly weights: readonly number[] };
  } | null;
}

/** How long a ballot may take once there are no faults: its deadline, and a leader's interval. */
const DECIDED_WITHIN_MS = 1_500;

const ORDER = { open: 0, sealed: 1, decided: 2 } as const;

/**
 * I10 one vote per elector, none after the seal, decided once and for what the votes say; I6 the
 * tally is the count of the votes, and the open ballots are counted. The ballots of this simulation go by majority.
 */
export class BallotInvariants {
  readonly #cluster: SimCluster;
  readonly #keys = new BallotKeys("default");
  readonly #ballots = new Map<string, BallotValue>();
  readonly #byRoll = new Map<string, string>();
  readonly #openedAtMs = new Map<string, number>();
  readonly #votes = new Set<string>();
  #hasLostHistory = false;

  constructor(cluster: SimCluster) {
    this.#cluster = cluster;
  }

  /** The store was set back. */
  historyLost(): void {
    this.#hasLostHistory = true;
    this.#ballots.clear();
    this.#byRoll.clear();
    this.#votes.clear();
  }

  /** What is there now counts from here on. */
  historyStands(): void {
    this.#hasLostHistory = false;
    const { store, time } = this.#cluster;
    for (const { value } of store.peekAll<BallotValue>(this.#keys.ballots)) {
      this.#ballots.set(value.ballot_id, value);
      this.#byRoll.set(value.roll, value.ballot_id);
      this.#openedAtMs.set(value.ballot_id, time.nowMs);
      for (const { key } of store.peekAll(this.#keys.votes(value.roll))) {
        this.#votes.add(JSON.stringify(key));
      }
    }
  }

  /** Looks at a commit, at the moment at which it is applied. */
  committed({ keys }: SimCommit): void {
    let countWritten = false;
    for (const key of keys) {
      if (this.#hasLostHistory || key[1] !== "ballots") continue;
      if (key[3] === "ballot") this.#ballotWritten(key);
      if (key[3] === "roll" && key[5] === "vote") this.#voteWritten(key);
      if (key[3] === "open-count") countWritten = true;
    }
    if (countWritten) this.#checkOpenCount();
  }

  #ballotWritten(key: Deno.KvKey): void {
    const value = this.#cluster.store.peek<BallotValue>(key).value;
    if (value === null) throw new Error(`I10: ballot ${String(key.at(-1))} was removed`);
    const before = this.#ballots.get(value.ballot_id);
    if (!before) this.#openedAtMs.set(value.ballot_id, this.#cluster.time.nowMs);
    if (before && ORDER[value.status] !== ORDER[before.status] + 1) {
      throw new Error(`I10: ${value.ballot_id} went from ${before.status} to ${value.status}`);
    }
    if (before && before.roll !== value.roll) throw new Error("I10: a ballot changed its electors");
    this.#ballots.set(value.ballot_id, value);
    this.#byRoll.set(value.roll, value.ballot_id);
    if (value.status === "decided") this.#checkOutcome(value);
  }

  #voteWritten(key: Deno.KvKey): void {
    const [, , , , roll, , member] = key as readonly string[];
    const id = JSON.stringify(key);
    if (this.#votes.has(id)) throw new Error(`I10: ${member} voted twice`);
    this.#votes.add(id);
    const ballot = this.#ballots.get(this.#byRoll.get(roll!)!);
    if (ballot?.status !== "open") throw new Error(`I10: ${member} voted on a closed ballot`);
    const elector = this.#keys.elector(roll!, member!);
    if (this.#cluster.store.peek(elector).value === null) {
      throw new Error(`I10: ${member} is no elector`);
    }
    this.#cluster.witness("a vote was counted");
  }

  #checkOutcome({ ballot_id, roll, choices, electors, outcome }: BallotValue): void {
    const votes = this.#cluster.store.peekAll<{ choice: string | null }>(this.#keys.votes(roll));
    const counted = choices.map((choice) => (
      votes.filter(({ value }) => value.choice === choice).length
    ));
    if (JSON.stringify(counted) !== JSON.stringify(outcome?.tally.weights)) {
      throw new Error(`I6: ${ballot_id} tallied ${outcome?.tally.weights}, there are ${counted}`);
    }
    const winner = choices.find((_, i) => counted[i]! > electors / 2) ?? null;
    if (winner !== outcome!.choice) {
      throw new Error(`I10: ${ballot_id} was decided for ${outcome!.choice}, not ${winner}`);
    }
    this.#cluster.witness(winner === null ? "a ballot without a majority" : "a ballot was decided");
  }

  #checkOpenCount(): void {
    const counter = this.#cluster.store.peek<Deno.KvU64>(this.#keys.openCount).value;
    const open = [...this.#ballots.values()].filter(({ status }) => status !== "decided").length;
    if (Number(counter?.value ?? 0n) === open) return;
    throw new Error(`I6: ${counter?.value} ballots are said to be open, there are ${open}`);
  }

  /** At the end every ballot that opened is decided. */
  checkEnd(): void {
    const dueMs = this.#cluster.schedule.endAtMs - DECIDED_WITHIN_MS;
    for (const { ballot_id, status } of this.#ballots.values()) {
      if (status === "decided" || this.#openedAtMs.get(ballot_id)! > dueMs) continue;
      throw new Error(`liveness: ballot ${ballot_id} is still ${status}`);
    }
  }
}
