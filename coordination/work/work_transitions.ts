import type { Clock } from "../../clock.ts";
import { WorkStatus } from "../../enums/work_status.ts";
import { encodeRecord } from "../election_records.ts";
import type { KvWrite } from "../write_batch.ts";
import { backoffAfter } from "./backoff.ts";
import type { ClaimedRecord } from "./claimed_record.ts";
import type { CommitPart } from "./commit_part.ts";
import { contentBytes, type WorkOrder } from "./work_item.ts";
import type { AssignmentOrder, WorkKeys } from "./work_keys.ts";
import type { StoredWork, WorkCopy, WorkRecord } from "./work_record.ts";

/** Options of {@link WorkTransitions}. */
export interface WorkTransitionsOptions {
  /** Where the work stands. */
  readonly keys: WorkKeys;
  /** Dates records, for people. */
  readonly clock: Clock;
  /** How long completed items are kept, in ms. */
  readonly retainMs: number;
}

/** A commit that moves an item on, and the record that it leaves behind. */
export interface Transition {
  /** What is committed. */
  readonly part: CommitPart;
  /** How the item stands then. */
  readonly record: WorkRecord;
}

/** Who is given an item, and as the how many-th. */
export interface Assignment {
  /** The member. */
  readonly assignee: string;
  /** Puts it in order among others of its priority. */
  readonly order: AssignmentOrder;
  /** What fences the write: the check of the leader's term. */
  readonly fence: Deno.AtomicCheck;
}

/** An order that a follower handed to the leader. */
export interface Handover {
  /** Where it stands. */
  readonly key: Deno.KvKey;
  /** When it was written, in the order of the store. */
  readonly versionstamp: string;
  /** The member that waits for the answer. */
  readonly from: string;
}

/** What a transition checks and writes besides the item's own record. */
interface Effects {
  readonly checks: readonly Deno.AtomicCheck[];
  /** Where a copy of the record goes. */
  readonly copyTo?: Deno.KvKey;
  readonly sets?: readonly KvWrite[];
  readonly deletes?: readonly Deno.KvKey[];
  readonly backlog?: bigint;
  readonly expireInMs?: number;
}

/** Keys, nonces and dates of one part, roughly. */
const OVERHEAD_BYTES = 2_048;
const ERROR_MAX_LENGTH = 1_024;

/**
 * Every way in which an item moves on, as one commit each. Each checks the versionstamp of the
 * item's record: who does not know how it stands cannot move it.
 */
export class WorkTransitions {
  readonly #options: WorkTransitionsOptions;

  /** @param options Where, when, and for how long. */
  constructor(options: WorkTransitionsOptions) {
    this.#options = options;
  }

  /** Acknowledges an item: it exists from this commit on. */
  acknowledge(order: WorkOrder, assignment: Assignment, handover?: Handover): Transition {
    const nonce = crypto.randomUUID();
    const record: WorkRecord = {
      ...order,
      status: WorkStatus.READY,
      attempt: 0,
      assignee: assignment.assignee,
      incarnation: null,
      delayMs: 0,
      progress: 0,
      result: null,
      error: null,
      nonce,
      endedBy: null,
      createdAt: this.#writtenAt(),
      writtenAt: this.#writtenAt(),
    };
    const { checks, sets, copyTo } = this.#assigned(record, assignment);
    const absent = { key: this.#keys.item(order.id), versionstamp: null };
    if (!handover) {
      return this.#write(record, { checks: [...checks, absent], copyTo, sets, backlog: 1n });
    }
    const { key, versionstamp, from } = handover;
    return this.#write(record, {
      checks: [...checks, absent, { key, versionstamp }],
      copyTo,
      sets: [...sets, ring(this.#keys.bellOf(from), nonce)],
      deletes: [key],
      backlog: 1n,
    });
  }

  /** Gives an item that nobody has begun to a member; its copy stands somewhere else until then. */
  assign(from: WorkCopy, assignment: Assignment): Transition {
    const record = this.#next(from.record, {
      status: WorkStatus.READY,
      assignee: assignment.assignee,
      delayMs: 0,
    });
    const { checks, sets, copyTo } = this.#assigned(record, assignment);
    return this.#write(record, {
      checks: [...checks, this.#itemCheck(from)],
      copyTo,
      sets,
      deletes: [from.key],
    });
  }

  /** Takes a ready item from a member that will not claim it, when no other fits. */
  unassign(from: WorkCopy, fence: Deno.AtomicCheck): Transition {
    const record = this.#next(from.record, { status: WorkStatus.WAITING, delayMs: 0 });
    return this.#write(record, {
      checks: [fence, this.#itemCheck(from)],
      copyTo: this.#keys.waitingAt(record.id),
      deletes: [from.key],
    });
  }

  /** Begins an attempt. */
  claim(from: WorkCopy, incarnation: string): Transition {
    const record = this.#next(from.record, {
      status: WorkStatus.CLAIMED,
      attempt: from.record.attempt + 1,
      incarnation,
      progress: 0,
    });
    return this.#write(record, {
      checks: [this.#itemCheck(from)],
      sets: [this.#claimedEntry(record)],
      deletes: [from.key],
    });
  }

  /** Prolongs an attempt. */
  renew(from: StoredWork, progress: number): Transition {
    const record = this.#next(from.record, { progress });
    return this.#write(record, {
      checks: [this.#itemCheck(from)],
      sets: [this.#claimedEntry(record)],
    });
  }

  /** Records the result. */
  complete(from: StoredWork, result: string): Transition {
    const record = this.#ended(from.record, { status: WorkStatus.COMPLETED, result, error: null });
    return this.#write(record, {
      checks: [this.#itemCheck(from)],
      deletes: [this.#claimedKey(from.record)],
      backlog: -1n,
      expireInMs: this.#options.retainMs,
    });
  }

  /** Ends an attempt without a result; the last one ends the item. */
  fail(from: StoredWork, error: string, fence?: Deno.AtomicCheck): Transition {
    const { attempt, maxAttempts, backoffMs } = from.record;
    const isLast = attempt >= maxAttempts;
    const record = this.#ended(from.record, {
      status: isLast ? WorkStatus.DEAD : WorkStatus.WAITING,
      delayMs: isLast ? 0 : backoffAfter(backoffMs, attempt),
      error: error.slice(0, ERROR_MAX_LENGTH) || "failed",
    });
    return this.#letGo(from, record, fence);
  }

  /** Gives a claimed item back that was not begun: the attempt does not count. */
  release(from: StoredWork): Transition {
    const record = this.#ended(from.record, {
      status: WorkStatus.WAITING,
      attempt: from.record.attempt - 1,
      delayMs: 0,
    });
    return this.#letGo(from, record, undefined);
  }

  /** Drives a dead item again, as if it were new. */
  redrive(from: StoredWork): Transition {
    const record = this.#next(from.record, { status: WorkStatus.WAITING, attempt: 0, delayMs: 0 });
    return this.#write(record, {
      checks: [this.#itemCheck(from)],
      copyTo: this.#keys.waitingAt(record.id),
      sets: [ring(this.#keys.leaderBell, record.nonce)],
      deletes: [this.#keys.deadAt(record.id)],
      backlog: 1n,
    });
  }

  get #keys(): WorkKeys {
    return this.#options.keys;
  }

  #writtenAt(): string {
    return new Date(this.#options.clock.now()).toISOString();
  }

  #itemCheck({ record, versionstamp }: StoredWork): Deno.AtomicCheck {
    return { key: this.#keys.item(record.id), versionstamp };
  }

  #claimedKey({ assignee, id }: WorkRecord): Deno.KvKey {
    return this.#keys.claimedAt(assignee, id);
  }

  #next(record: WorkRecord, changes: Partial<WorkRecord>): WorkRecord {
    return { ...record, ...changes, nonce: crypto.randomUUID(), writtenAt: this.#writtenAt() };
  }

  #ended(record: WorkRecord, changes: Partial<WorkRecord>): WorkRecord {
    const next = this.#next(record, { ...changes, incarnation: null });
    return { ...next, endedBy: next.nonce };
  }

  #letGo(from: StoredWork, record: WorkRecord, fence: Deno.AtomicCheck | undefined): Transition {
    const isDead = record.status === WorkStatus.DEAD;
    const note = { key: this.#keys.deadAt(record.id), value: encodeRecord({ id: record.id }) };
    return this.#write(record, {
      checks: [...(fence ? [fence] : []), this.#itemCheck(from)],
      deletes: [this.#claimedKey(from.record)],
      ...(isDead ? { sets: [note], backlog: -1n } : {
        copyTo: this.#keys.waitingAt(record.id),
        sets: [ring(this.#keys.leaderBell, record.nonce)],
      }),
    });
  }

  #assigned(
    { priority, nonce }: WorkRecord,
    { assignee, order, fence }: Assignment,
  ): { checks: Deno.AtomicCheck[]; sets: KvWrite[]; copyTo: Deno.KvKey } {
    return {
      checks: [fence],
      copyTo: this.#keys.readyAt(assignee, priority, order),
      sets: [
        { key: this.#keys.assigneeAt(assignee), value: encodeRecord({ nonce }) },
        ring(this.#keys.bellOf(assignee), nonce),
      ],
    };
  }

  #claimedEntry(record: WorkRecord): KvWrite {
    const { id, assignee: member, claimMs, nonce, incarnation } = record;
    const value: ClaimedRecord = { id, member, claimMs, nonce, incarnation: incarnation! };
    return { key: this.#claimedKey(record), value: encodeRecord(value) };
  }

  #write(record: WorkRecord, effects: Effects): Transition {
    const { checks, copyTo, sets = [], deletes = [], backlog, expireInMs } = effects;
    const key = this.#keys.item(record.id);
    const value = encodeRecord(record);
    const bytes = contentBytes(record, record.result, record.error) + OVERHEAD_BYTES;
    const part: CommitPart = {
      checks,
      sets: [
        { key, value, ...(expireInMs !== undefined && { expireInMs }) },
        ...(copyTo ? [{ key: copyTo, value }] : []),
        ...sets,
      ],
      deletes,
      ...(backlog !== undefined && { sums: [{ key: this.#keys.backlog, amount: backlog }] }),
      witness: { key, nonce: record.nonce },
      bytes: copyTo ? 2 * bytes : bytes,
    };
    return { part, record };
  }
}

/** A bell that nobody rings for so long goes, in ms: those of members that are gone among them. */
const BELL_KEPT_MS = 3_600_000;

/** @returns A write that wakes whoever watches the key. */
export function ring(key: Deno.KvKey, nonce: string): KvWrite {
  return { key, value: encodeRecord({ nonce }), expireInMs: BELL_KEPT_MS };
}
