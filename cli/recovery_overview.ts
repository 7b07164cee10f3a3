import { isObject } from "../enums/records/field.ts";
import { InvalidRecordError } from "../enums/records/invalid_record_error.ts";
import { decodePending, type PendingAnomaly } from "../orchestration/recovery/anomaly_event.ts";
import { CLUSTER_LANE, laneKeys, nodeLane } from "../orchestration/recovery/lane_keys.ts";
import type { Ledger } from "../orchestration/recovery/ledger.ts";
import { decodeLedger } from "../orchestration/recovery/ledger_record.ts";
import { decodeRequest } from "../orchestration/recovery/manual_request.ts";
import { decodeChain } from "../orchestration/recovery/recovery_chain.ts";
import {
  describeChain,
  type RecoveryChainDict,
} from "../orchestration/recovery/recovery_chain_dict.ts";
import { listPauses, type RecoveryPauseDict } from "../orchestration/recovery/recovery_pause.ts";
import type { RecoveryStorage } from "../orchestration/recovery/recovery_storage.ts";

/** A lane as it is stored. */
export interface LaneOverview {
  readonly name: string;
  /** What it remembers; null for nothing, or when that cannot be read. */
  readonly ledger: Ledger | null;
  readonly chains: readonly RecoveryChainDict[];
  readonly pending: readonly PendingAnomaly[];
  /** Requests of people that nobody has taken. */
  readonly requests: number;
  /** Records that cannot be read. */
  readonly unreadable: readonly string[];
}

/** What a cluster's recovery has stored, besides its history. */
export interface RecoveryOverview {
  /** The lanes: the cluster's first, then those of nodes, the latest to act first. */
  readonly lanes: readonly LaneOverview[];
  /** Lanes of other nodes: of those that are gone and did nothing for a day, or beyond twenty. */
  readonly lanesHidden: number;
  readonly pauses: readonly RecoveryPauseDict[];
}

const LANES_MAX = 1_000;
const DAY_MS = 86_400_000;
const LANES_SHOWN = 20;
const RECORDS_MAX = 1_000;

/**
 * Finds the lanes of a cluster: what each of them stores is skipped.
 *
 * @param storage Where they stand.
 * @returns Their names, at most 1,000.
 */
export async function listLanes(storage: RecoveryStorage): Promise<readonly string[]> {
  const names: string[] = [];
  while (names.length < LANES_MAX) {
    const last = names.at(-1);
    const [first] = await storage.list(["lanes"], {
      limit: 1,
      // Nothing in a lane stands under a name that comes after this one.
      ...last === undefined ? {} : { after: ["lanes", last, "zzz"] },
    });
    const name = first?.key[1];
    if (name === undefined) break;
    names.push(name);
  }
  return names;
}

/**
 * Reads what a cluster's recovery has stored, besides its history.
 *
 * @param storage Where it stands.
 * @param nowMs The moment, in ms since 1970.
 * @param registered The nodes that are registered: their lanes are shown, whatever they did.
 * @returns All of it, as far as it can be read.
 * @throws {StoreUnavailableError} when there is no answer in time.
 */
export async function readRecoveryOverview(
  storage: RecoveryStorage,
  nowMs: number,
  registered: readonly string[] = [],
): Promise<RecoveryOverview> {
  const [names, pauses] = await Promise.all([listLanes(storage), listPauses(storage, nowMs)]);
  const lanes = await Promise.all(names.map((name) => readLane(storage, name)));
  const isCluster = ({ name }: LaneOverview) => name === CLUSTER_LANE;
  const ofNodes = lanes.filter((lane) => !isCluster(lane))
    .sort((a, b) => (b.ledger?.atMs ?? 0) - (a.ledger?.atMs ?? 0));
  const present = new Set(registered.map(nodeLane));
  const shown = ofNodes.filter(({ name, ledger }) =>
    present.has(name) || (ledger?.atMs ?? 0) > nowMs - DAY_MS
  ).slice(0, LANES_SHOWN);
  return {
    lanes: [...lanes.filter(isCluster), ...shown],
    lanesHidden: ofNodes.length - shown.length,
    pauses,
  };
}

async function readLane(storage: RecoveryStorage, name: string): Promise<LaneOverview> {
  const keys = laneKeys(name);
  const unreadable: string[] = [];
  const read = async <T>(prefix: readonly string[], decode: (value: unknown) => T | null) => {
    const entries = await storage.list(prefix, { limit: RECORDS_MAX });
    return entries.flatMap(({ key, value }) => {
      const decoded = decode(value);
      if (decoded === null) unreadable.push(key.join(" / "));
      return decoded === null ? [] : [decoded];
    });
  };
  const [stored, chains, pending, requests] = await Promise.all([
    storage.get(keys.ledger),
    read(keys.chains, decodeChain),
    read(keys.pending, decodePending),
    read(keys.requests, decodeRequest),
  ]);
  const ledger = stored && readLedger(stored.value);
  if (stored !== null && ledger === null) unreadable.push(keys.ledger.join(" / "));
  return {
    name,
    ledger,
    chains: chains.map(describeChain),
    pending,
    requests: requests.length,
    unreadable,
  };
}

function readLedger(value: unknown): Ledger | null {
  try {
    return isObject(value) ? decodeLedger(value) : null;
  } catch (error) {
    if (error instanceof InvalidRecordError) return null;
    throw error;
  }
}
