import { WorkStatus } from "../enums/work_status.ts";
import { parseCounter } from "./ballots/ballot_records.ts";
import type { LenientReader } from "./lenient_reader.ts";
import { parseClaimedRecord } from "./work/claimed_record.ts";
import { parseInboxRecord } from "./work/inbox_record.ts";
import { WorkKeys } from "./work/work_keys.ts";
import { parseStoredWork, parseWorkCopy } from "./work/work_record.ts";

/** An item of work that was given up. */
export interface DeadLetter {
  /** The item's id. */
  readonly id: string;
  /** How many attempts were begun. */
  readonly attempt: number;
  /** The member that had it last. */
  readonly assignee: string;
  /** What ended the last attempt; null when that is not known. */
  readonly error: string | null;
}

/** How much a member has before it. */
export interface ReadyWork {
  /** The member. */
  readonly instanceId: string;
  /** How many items are assigned to it that it has not begun; counted to the bound. */
  readonly items: number;
}

/**
 * The work of a cluster as its store shows it. Its parts are not read at the same moment. Records
 * that cannot be read are counted all the same.
 */
export interface WorkOverview {
  /** How many items are neither completed nor dead; null when the counter cannot be read. */
  readonly backlog: number | null;
  /** Members that have items which they have not begun; the first hundred, by id. */
  readonly ready: readonly ReadyWork[];
  /** How many items members work on; counted to the bound. */
  readonly claimed: number;
  /** How many items nobody has: in backoff, or no member fits; counted to the bound. */
  readonly waiting: number;
  /** How many items were handed to the leader and are not acknowledged yet; to the bound. */
  readonly unacknowledged: number;
  /** How many items were given up; counted to the bound. */
  readonly dead: number;
  /** The first ten of those, by id. */
  readonly deadLetters: readonly DeadLetter[];
  /** Nothing but the backlog is counted further: a count that equals it may be more. */
  readonly countMax: number;
}

/** Wire form of a {@link WorkOverview}: keys in snake_case. */
export interface WorkOverviewDict {
  /** See {@link WorkOverview.backlog}. */
  readonly backlog: number | null;
  /** See {@link WorkOverview.ready}. */
  readonly ready: readonly { readonly instance_id: string; readonly items: number }[];
  /** See {@link WorkOverview.claimed}. */
  readonly claimed: number;
  /** See {@link WorkOverview.waiting}. */
  readonly waiting: number;
  /** See {@link WorkOverview.unacknowledged}. */
  readonly unacknowledged: number;
  /** See {@link WorkOverview.dead}. */
  readonly dead: number;
  /** See {@link WorkOverview.deadLetters}. */
  readonly dead_letters: readonly DeadLetter[];
  /** See {@link WorkOverview.countMax}. */
  readonly count_max: number;
}

/** As many as the store gives in one read. */
const COUNT_MAX = 500;
const MEMBERS_MAX = 100;
const DEAD_LETTERS_MAX = 10;

/**
 * Reads the work of a cluster. Writes nothing.
 *
 * @param reader Reads, and keeps what cannot be read.
 * @param cluster The cluster's name.
 * @returns What stands there.
 * @throws {StoreUnavailableError} when the store does not answer in time.
 */
export async function readWorkOverview(
  reader: LenientReader,
  cluster: string,
): Promise<WorkOverview> {
  const keys = new WorkKeys(cluster);
  const [backlog = null] = await reader.getMany([keys.backlog], parseCounter);
  const ready = await readReady(reader, keys);
  const claimed = await countAll(reader, keys.claimed, parseClaimedRecord);
  const waiting = await countAll(reader, keys.waiting, parseWorkCopy);
  const unacknowledged = await countAll(reader, keys.inbox, parseInboxRecord);
  const notes = await reader.list(keys.dead, COUNT_MAX);
  const deadLetters = await readDeadLetters(reader, keys, notes.slice(0, DEAD_LETTERS_MAX));
  return {
    backlog,
    ready,
    claimed,
    waiting,
    unacknowledged,
    dead: notes.length,
    deadLetters,
    countMax: COUNT_MAX,
  };
}

/** One member after the other: each read may be large. */
async function readReady(reader: LenientReader, keys: WorkKeys): Promise<ReadyWork[]> {
  const found: ReadyWork[] = [];
  for (const { key } of await reader.list(keys.assignees, MEMBERS_MAX)) {
    const instanceId = String(key.at(-1));
    const items = await countAll(reader, keys.readyOf(instanceId), parseWorkCopy);
    if (items > 0) found.push({ instanceId, items });
  }
  return found;
}

async function countAll(
  reader: LenientReader,
  prefix: Deno.KvKey,
  parse: (entry: Deno.KvEntry<unknown>) => unknown,
): Promise<number> {
  const entries = await reader.list(prefix, COUNT_MAX);
  for (const entry of entries) reader.readable(() => parse(entry));
  return entries.length;
}

async function readDeadLetters(
  reader: LenientReader,
  keys: WorkKeys,
  notes: readonly Deno.KvEntry<unknown>[],
): Promise<DeadLetter[]> {
  const wanted = notes.map(({ key }) => keys.item(String(key.at(-1))));
  const items = await reader.getMany(wanted, parseStoredWork);
  return items.flatMap((item) => {
    // One that was driven again meanwhile is a dead letter no more.
    if (item?.record.status !== WorkStatus.DEAD) return [];
    const { id, attempt, assignee, error } = item.record;
    return [{ id, attempt, assignee, error }];
  });
}

/**
 * Puts it into wire form.
 *
 * @param overview What was read.
 * @returns The same in snake_case.
 */
export function workOverviewToDict(overview: WorkOverview): WorkOverviewDict {
  const { ready, deadLetters, countMax, ...same } = overview;
  return {
    ...same,
    ready: ready.map(({ instanceId, items }) => ({ instance_id: instanceId, items })),
    dead_letters: deadLetters.map((letter) => ({ ...letter })),
    count_max: countMax,
  };
}
