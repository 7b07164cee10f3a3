import { BallotStatus } from "../../enums/ballot_status.ts";
import { encodeRecord } from "../election_records.ts";
import { StoreUnavailableError } from "../errors.ts";
import type { WriteBatch } from "../write_batch.ts";
import { Ballot } from "./ballot.ts";
import type { BallotContext } from "./ballot_context.ts";
import { BallotOutcome } from "./ballot_outcome.ts";
import { requiredWeight } from "./ballot_policy.ts";
import {
  encodeBallot,
  encodeRoll,
  parseBallot,
  parseCounter,
  type StoredBallot,
} from "./ballot_records.ts";
import { type BallotTally, type CounterName, counterNames, tallyOf } from "./ballot_tally.ts";
import { decideBallot } from "./decide_ballot.ts";

/** A ballot takes two steps; others may take them at the same time. */
const STEPS_MAX = 8;
/** More open ballots than a cluster may have; of one beyond, the deadline is counted anew. */
const SEEN_MAX = 2_000;
/** From so many electors on, a voter looks at the number of voters before it reads all counters. */
const ELECTORS_MANY = 64;

/**
 * Carries ballots on: seals one that can be decided or whose deadline has passed, and decides one
 * that is sealed. Any number of nodes may do so at once; each step is taken by one of them.
 */
export class BallotCarrier {
  readonly #context: BallotContext;
  /** When this node first saw each open ballot, in monotonic ms, by roll. */
  readonly #seenAtMs = new Map<string, number>();
  readonly #running = new Map<string, Promise<unknown>>();
  readonly #queued = new Map<string, Promise<void>>();

  /** @param context The node. */
  constructor(context: BallotContext) {
    this.#context = context;
  }

  /**
   * Reads a ballot and notes when it was first seen.
   *
   * @returns The ballot; null when there is none.
   * @throws {StoreUnavailableError} when there is no answer in time.
   * @throws {CorruptRecordError} when a foreign value stands there.
   */
  async read(ballotId: string): Promise<StoredBallot | null> {
    const { store, keys, timeoutMs } = this.#context;
    const stored = parseBallot(await store.get(keys.ballot(ballotId), { timeoutMs }));
    if (stored) this.note(stored);
    return stored;
  }

  /** Counts a ballot's deadline from now, unless it is counted already or over. */
  note({ ballot, roll }: StoredBallot): void {
    if (ballot.status === BallotStatus.DECIDED) this.#seenAtMs.delete(roll);
    if (ballot.status !== BallotStatus.OPEN || this.#seenAtMs.has(roll)) return;
    const [oldest] = this.#seenAtMs.keys();
    if (this.#seenAtMs.size >= SEEN_MAX) this.#seenAtMs.delete(oldest!);
    this.#seenAtMs.set(roll, this.#context.store.clock.monotonic());
  }

  /** @returns How long this node awaits votes yet, in ms; 0 or less when the deadline has passed. */
  leftMs({ ballot, roll }: StoredBallot): number {
    const now = this.#context.store.clock.monotonic();
    return (this.#seenAtMs.get(roll) ?? now) + ballot.deadlineMs - now;
  }

  /**
   * Takes every step of a ballot that is due.
   *
   * @param stored The ballot as it was read and noted; an older view is brought up to date only by a
   * step that is due.
   * @returns The ballot after that; null when it is gone.
   * @throws {StoreUnavailableError} when the store does not answer in time.
   * @throws {CorruptRecordError} when a foreign value stands under one of its keys.
   */
  async carryOn(stored: StoredBallot): Promise<StoredBallot | null> {
    let current: StoredBallot | null = stored;
    for (let step = 0; step < STEPS_MAX && current !== null; step++) {
      if (current.ballot.status === BallotStatus.DECIDED) {
        this.note(current);
        return current;
      }
      const tally = await this.#tally(current);
      const isSealed: boolean = current.ballot.status === BallotStatus.SEALED;
      if (!isSealed && !this.#isDue(current, tally)) return current;
      const next: StoredBallot | null = isSealed
        ? await this.#decide(current, tally)
        : await this.#seal(current);
      current = next ?? await this.read(current.ballot.ballotId);
    }
    return current;
  }

  /**
   * Looks whether a vote that was just counted settles a ballot. Votes that come while a look is
   * under way share the next one. What fails is counted, and left to who looks next.
   *
   * @param stored The ballot as it was when the vote was counted.
   */
  look(stored: StoredBallot): Promise<void> {
    const { roll } = stored;
    const queued = this.#queued.get(roll);
    if (queued) return queued;
    const before = this.#running.get(roll) ?? Promise.resolve();
    const look = before.then(async () => {
      this.#queued.delete(roll);
      this.#running.set(roll, look);
      try {
        if (await this.#mayBeSettled(stored)) await this.carryOn(stored);
      } catch (error) {
        this.#context.counters.addFailure(error);
      } finally {
        if (this.#running.get(roll) === look) this.#running.delete(roll);
      }
    });
    this.#queued.set(roll, look);
    return look;
  }

  /** Of many electors most votes settle nothing: one counter tells so for less than all of them. */
  async #mayBeSettled({ ballot, roll }: StoredBallot): Promise<boolean> {
    const { store, keys, timeoutMs } = this.#context;
    const { policy, electors } = ballot;
    const needsMany = policy.kind === "majority" || policy.kind === "threshold";
    if (!needsMany || electors < ELECTORS_MANY) return true;
    const voters = parseCounter(await store.get(keys.counter(roll, "voters"), { timeoutMs }));
    return voters >= requiredWeight(policy, ballot);
  }

  async #tally({ ballot, roll }: StoredBallot): Promise<BallotTally> {
    const { store, keys, timeoutMs } = this.#context;
    const isVeto = ballot.policy.kind === "veto";
    const names = counterNames(ballot.choices.length)
      .filter((name) => isVeto || (name !== "holdersVoted" && name !== "vetoes"));
    const entries = await store.getMany(
      names.map((name) => keys.counter(roll, name)),
      { timeoutMs },
    );
    const counters = new Map<CounterName, number>();
    names.forEach((name, at) => counters.set(name, parseCounter(entries[at]!)));
    return tallyOf(counters, ballot.choices.length);
  }

  #isDue(stored: StoredBallot, tally: BallotTally): boolean {
    if (this.leftMs(stored) <= 0) return true;
    const { choices, policy } = stored.ballot;
    const electorate = stored.ballot;
    return decideBallot(policy, { choices, electorate, tally, isClosed: false }) !== null;
  }

  /** From this commit on no vote can commit, so the counters stand still. */
  async #seal(stored: StoredBallot): Promise<StoredBallot | null> {
    const ballot = new Ballot({ ...stored.ballot, status: BallotStatus.SEALED });
    const sealed = await this.#rewrite(stored, { ballot, roll: stored.roll, sealedStamp: null });
    if (sealed) this.#context.counters.add("sealed");
    return sealed;
  }

  /** @param tally Was read after the seal. */
  async #decide(stored: StoredBallot, tally: BallotTally): Promise<StoredBallot | null> {
    const { store, keys, instanceId, counters } = this.#context;
    const { roll, versionstamp: sealedStamp } = stored;
    const { ballotId, choices, policy } = stored.ballot;
    const electorate = stored.ballot;
    const verdict = decideBallot(policy, { choices, electorate, tally, isClosed: true })!;
    const outcome = new BallotOutcome({
      ...verdict,
      tally,
      decidedBy: instanceId,
      decidedAt: new Date(store.clock.now()).toISOString(),
    });
    const ballot = new Ballot({ ...stored.ballot, status: BallotStatus.DECIDED, outcome });
    const decided = await this.#rewrite(stored, { ballot, roll, sealedStamp }, {
      sets: [
        { key: [...keys.decided, ballotId], value: encodeRoll(roll) },
        { key: keys.bell, value: encodeRecord({ nonce: crypto.randomUUID() }) },
      ],
      deletes: [[...keys.open, ballotId]],
      sums: [{ key: keys.openCount, amount: -1n }],
    });
    if (decided) counters.add("decided");
    return decided;
  }

  /** @returns The ballot as it stands now; null when somebody else changed it. */
  async #rewrite(
    stored: StoredBallot,
    next: Omit<StoredBallot, "versionstamp">,
    also: Pick<WriteBatch, "sets" | "deletes" | "sums"> = { sets: [] },
  ): Promise<StoredBallot | null> {
    const { store, keys, timeoutMs } = this.#context;
    const key = keys.ballot(stored.ballot.ballotId);
    const nonce = crypto.randomUUID();
    const outcome = await store.commit({
      ...also,
      checks: [{ key, versionstamp: stored.versionstamp }],
      sets: [{ key, value: encodeBallot(next, nonce) }, ...also.sets],
      witness: { key, nonce },
    }, { timeoutMs });
    if (outcome.kind === "unknown") {
      throw new StoreUnavailableError("carry the ballot on", outcome.error);
    }
    return outcome.kind === "committed" ? { ...next, versionstamp: outcome.versionstamp } : null;
  }
}
