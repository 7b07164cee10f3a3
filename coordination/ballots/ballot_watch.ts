import { BallotRefusal } from "../../enums/ballot_refusal.ts";
import { BallotStatus } from "../../enums/ballot_status.ts";
import { CorruptRecordError, StoreUnavailableError } from "../errors.ts";
import { isHandleClosed } from "../kv_store.ts";
import { Waker } from "../waker.ts";
import type { Ballot } from "./ballot.ts";
import type { BallotCarrier } from "./ballot_carrier.ts";
import type { BallotContext } from "./ballot_context.ts";
import { BallotRefusedError } from "./ballot_errors.ts";
import { lastPart, parseRoll, type StoredBallot } from "./ballot_records.ts";
import { OPEN_LISTED_MAX } from "./ballot_register.ts";
import type { VoteCaster, VotingPlace } from "./vote_caster.ts";

/** What {@link untilDecided} and {@link votableBallots} need. */
export interface BallotWatch {
  /** The node. */
  readonly context: BallotContext;
  /** Carries ballots on while it waits. */
  readonly carrier: BallotCarrier;
  /** Knows how this node voted. */
  readonly caster: VoteCaster;
  /** How often to read although nothing hinted at a change, in ms. */
  readonly pollMs: number;
  /** Path or URL that the store was opened with. */
  readonly storePath: string | undefined;
  /** Ends the wait. */
  readonly signal: AbortSignal;
}

/** Where nothing hints at a change of another process, it is read at least this often, in ms. */
const BLIND_POLL_MAX_MS = 250;
const DEBOUNCE_MS = 20;

/**
 * Waits until a ballot is decided, and carries it on meanwhile. Outages of the store are waited out.
 *
 * @param watch The node.
 * @param ballotId The ballot.
 * @returns The decided ballot.
 * @throws {BallotRefusedError} when there is no such ballot.
 * @throws {CorruptRecordError} when a foreign value stands under one of its keys.
 * @throws The signal's reason.
 */
export async function untilDecided(watch: BallotWatch, ballotId: string): Promise<Ballot> {
  const { carrier, context, pollMs, signal } = watch;
  signal.throwIfAborted();
  let stored = await tolerated(() => advance(carrier, ballotId));
  while (stored === undefined) {
    await context.store.clock.sleep(pollMs, { signal });
    stored = await tolerated(() => advance(carrier, ballotId));
  }
  if (stored.ballot.status === BallotStatus.DECIDED) return stored.ballot;
  const { keys } = context;
  await using waker = await listen(watch, [
    keys.ballot(ballotId),
    keys.counter(stored.roll, "voters"),
  ]);
  for (;;) {
    const now = await tolerated(() => advance(carrier, ballotId));
    if (now?.ballot.status === BallotStatus.DECIDED) return now.ballot;
    await waker.wait(now ? Math.max(1, carrier.leftMs(now)) : pollMs, signal);
  }
}

/**
 * Follows the open ballots on which this node may vote and has not voted yet. Outages of the store
 * are waited out; records that cannot be read are counted and left out.
 *
 * @param watch The node.
 * @returns Each such ballot once.
 */
export async function* votableBallots(
  watch: BallotWatch,
): AsyncGenerator<Ballot, void, undefined> {
  const { context, caster, pollMs, signal } = watch;
  if (signal.aborted) return;
  await using waker = await listen(watch, [context.keys.bell]);
  let shown: ReadonlySet<string> = new Set();
  while (!signal.aborted) {
    const open = await tolerated(() => listOpen(context));
    if (open === undefined) {
      await waker.wait(pollMs, signal).catch(() => {});
      continue;
    }
    const met = new Set(open.map(({ roll }) => roll).filter((roll) => shown.has(roll)));
    caster.keepOnly(new Set(open.map(({ ballotId }) => ballotId)));
    for (const { ballotId, roll } of open.filter(({ roll }) => !met.has(roll))) {
      const place = await tolerated(() => readable(context, () => caster.find(ballotId, roll)));
      if (place === undefined) break;
      met.add(roll);
      if (signal.aborted) return;
      if (place !== null && isVotable(place)) yield place.stored.ballot;
    }
    shown = met;
    await waker.wait(pollMs, signal).catch(() => {});
  }
}

async function advance(carrier: BallotCarrier, ballotId: string): Promise<StoredBallot> {
  const stored = await carrier.read(ballotId);
  const now = stored && await carrier.carryOn(stored);
  if (now) return now;
  throw new BallotRefusedError(ballotId, BallotRefusal.UNKNOWN_BALLOT, "wait for");
}

/** @returns Every open ballot with its roll, in the order of their ids. */
async function listOpen(
  context: BallotContext,
): Promise<{ readonly ballotId: string; readonly roll: string }[]> {
  const { store, keys, timeoutMs } = context;
  const found = [];
  for (const entry of await store.list(keys.open, { timeoutMs, limit: OPEN_LISTED_MAX })) {
    const roll = await readable(context, () => Promise.resolve(parseRoll(entry)));
    if (roll !== null) found.push({ ballotId: lastPart(entry.key), roll });
  }
  return found;
}

function isVotable({ stored, elector, vote }: VotingPlace): boolean {
  return stored.ballot.status === BallotStatus.OPEN && elector !== null && vote === null;
}

/** @returns What was read; undefined when the store is out of reach. */
async function tolerated<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof StoreUnavailableError && !isHandleClosed(error)) return undefined;
    throw error;
  }
}

/** @returns What was read; null when a record among it is corrupt. */
async function readable<T>(context: BallotContext, read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof CorruptRecordError)) throw error;
    context.counters.addFailure(error);
    return null;
  }
}

async function listen(watch: BallotWatch, keys: readonly Deno.KvKey[]): Promise<Waker> {
  const { context: { store }, pollMs, storePath } = watch;
  const waker = new Waker({
    store,
    keys,
    storePath,
    safetyPollMs: pollMs,
    blindPollMs: Math.min(pollMs, BLIND_POLL_MAX_MS),
    debounceMs: DEBOUNCE_MS,
  });
  await waker.start();
  return waker;
}
