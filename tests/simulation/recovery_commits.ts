import type { RecoveryActionDict } from "../../orchestration/recovery/recovery_action_dict.ts";
import type { RecoveryChain } from "../../orchestration/recovery/recovery_chain.ts";
import type { Ledger } from "../../orchestration/recovery/ledger.ts";
import { decodeLedger } from "../../orchestration/recovery/ledger_record.ts";
import type { ManualRequest } from "../../orchestration/recovery/manual_request.ts";
import type { PendingAnomaly } from "../../orchestration/recovery/anomaly_event.ts";
import { recoveryPrefix } from "../../orchestration/recovery/kv_recovery_storage.ts";
import type { SimCommit } from "../../testing/sim_store_state.ts";
import type { SimStore } from "../../testing/sim_store.ts";
import type { StorageKey } from "../../orchestration/recovery/recovery_storage.ts";

/** The cluster whose recovery is simulated. */
export const CLUSTER = "sim";
/** Where each commit to a lane says who sent it. */
export const WRITER: StorageKey = ["writer"];

/** Who sent a commit: written with it by the simulation itself. */
export interface Writer {
  /** Identifies the commit. */
  readonly commit: string;
  /** The node. */
  readonly node: string;
  /** Its process. */
  readonly process: string;
  /** The term whose fence it had; null for none. */
  readonly term: number | null;
}

/** What a commit did to a value. */
export interface Move<T> {
  readonly id: string;
  /** What stood there; null for nothing. */
  readonly before: T | null;
  /** What stands there now; null for nothing. */
  readonly after: T | null;
}

/** What a commit did to a lane. */
export interface LaneCommit {
  readonly lane: string;
  /** True time. */
  readonly atMs: number;
  /** Who sent it; null when it was not sent by a lane's worker. */
  readonly writer: Writer | null;
  readonly ledger: Move<Ledger> | null;
  readonly chains: readonly Move<RecoveryChain>[];
  readonly entries: readonly Move<RecoveryActionDict>[];
  readonly pending: readonly Move<PendingAnomaly>[];
  readonly requests: readonly Move<ManualRequest>[];
}

/** What a lane keeps. */
export type Kind = "ledger" | "chains" | "history" | "pending" | "requests";

/** Reads commits as what they do to recovery, with what stood there before. */
export class RecoveryCommits {
  readonly #store: SimStore;
  readonly #entries: Deno.KvKey = [...recoveryPrefix(CLUSTER), "entry"];
  readonly #known: Map<string, unknown> = new Map();

  constructor(store: SimStore) {
    this.#store = store;
  }

  /** @returns What a commit did to a lane; null when it did nothing to any. */
  read({ keys, atMs }: SimCommit): LaneCommit | null {
    const own = keys.filter((key) => this.#entries.every((part, i) => key[i] === part))
      .map((key) => key.slice(this.#entries.length) as string[])
      .filter(([room]) => room === "lanes");
    if (own.length === 0) return null;
    const lane = own[0]![1]!;
    const moves = own.map((key) => this.#move(key));
    const of = <T>(wanted: Kind) =>
      moves.filter(({ kind }) => kind === wanted) as unknown as readonly Move<T>[];
    const ledger = of<unknown>("ledger")[0];
    return {
      lane,
      atMs,
      writer: ledger ? this.#read(WRITER) as Writer : null,
      ledger: ledger ? { id: lane, ...ledgersOf(ledger) } : null,
      chains: of("chains"),
      entries: of("history"),
      pending: of("pending"),
      requests: of("requests"),
    };
  }

  /** @returns All that stands in lanes, as commits that put it there. */
  reset(): readonly LaneCommit[] {
    this.#known.clear();
    const all = this.#store.peekAll([...this.#entries, "lanes"]);
    const lanes = Map.groupBy(all, ({ key }) => key[this.#entries.length + 1] as string);
    return [...lanes.values()].map((entries) =>
      this.read({ keys: entries.map(({ key }) => key), atMs: 0, versionstamp: "" })!
    );
  }

  /** @returns The names of what stands in a room of a lane. */
  names(lane: string, room: Kind): readonly string[] {
    return this.#store.peekAll([...this.#entries, "lanes", lane, room])
      .map(({ key }) => key.at(-1) as string);
  }

  #move(key: readonly string[]): Move<unknown> & { readonly kind: Kind } {
    const name = key.join("/");
    const before = this.#known.get(name) ?? null;
    const after = this.#read(key);
    if (after === null) this.#known.delete(name);
    else this.#known.set(name, after);
    return { kind: key[2] as Kind, id: key[3] ?? "", before, after };
  }

  #read(key: StorageKey): unknown {
    const { value } = this.#store.peek<{ readonly json: string }>([...this.#entries, ...key]);
    return value === null ? null : JSON.parse(value.json);
  }
}

function ledgersOf({ before, after }: Move<unknown>): Omit<Move<Ledger>, "id"> {
  const read = (value: unknown) => value === null ? null : decodeLedger(value);
  return { before: read(before), after: read(after) };
}
