import type { StorageKey } from "./recovery_storage.ts";

/** The lane in which a cluster's leader works. */
export const CLUSTER_LANE = "cluster";

/** Where a lane stands in the storage. */
export interface LaneKeys {
  /** The ledger. */
  readonly ledger: StorageKey;
  /** Chains under way, each under its id. */
  readonly chains: StorageKey;
  /** The history, each entry under its number. */
  readonly history: StorageKey;
  /** Anomalies that wait, each under its type. */
  readonly pending: StorageKey;
  /** Requests of people, each under its id. */
  readonly requests: StorageKey;
}

/** Where pauses stand, each under its id: they hold for all lanes. */
export const PAUSES: StorageKey = ["pauses"];

const SEQ_DIGITS = 16;

/** @returns The name of a node's own lane. */
export function nodeLane(node: string): string {
  return `node:${node}`;
}

/** @returns Where a lane stands. */
export function laneKeys(name: string): LaneKeys {
  const lane = ["lanes", name];
  return {
    ledger: [...lane, "ledger"],
    chains: [...lane, "chains"],
    history: [...lane, "history"],
    pending: [...lane, "pending"],
    requests: [...lane, "requests"],
  };
}

/** @returns Where an entry of a history stands. */
export function historyKey(keys: LaneKeys, seq: number): StorageKey {
  return [...keys.history, String(seq).padStart(SEQ_DIGITS, "0")];
}
