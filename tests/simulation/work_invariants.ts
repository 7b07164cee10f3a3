import { WorkKeys } from "../../coordination/work/work_keys.ts";
import type { SimCluster } from "../../testing/sim_cluster.ts";
import type { SimCommit } from "../../testing/sim_store_state.ts";

interface ItemValue {
  readonly id: string;
  readonly status: "waiting" | "ready" | "claimed" | "completed" | "dead";
  readonly attempt: number;
  readonly maxAttempts: number;
  readonly result: string | null;
  readonly claimMs: number;
}

/** How long an acknowledged item may take once there are no faults. */
const DONE_WITHIN_MS = 1_200;
/**
 * How long an item may stand still beyond its claim: until there is a leader, and until that takes a
 * lost member for dead.
 */
const STANDS_MAX_MS = 2_600;

/** A claim that a process holds. */
export interface OpenClaim {
  readonly id: string;
  readonly holder: string;
  isValid(): boolean;
}

/**
 * I5 nothing acknowledged is lost and at most one result is recorded, I6 the backlog's counter is the
 * number of unfinished items: checked at every commit.
 */
export class WorkInvariants {
  readonly #cluster: SimCluster;
  readonly #keys = new WorkKeys("default");
  readonly #items = new Map<string, ItemValue>();
  readonly #acknowledged = new Map<string, number>();
  readonly #claims = new Map<OpenClaim, () => boolean>();
  #unfinished = 0;
  #hasLostHistory = false;
  readonly #completedAt = new Map<string, string>();
  readonly #movedAtMs = new Map<string, number>();
  #lastStamp = "";
  /** Versionstamps up to this one may come a second time: a check of an item's may hold by accident. */
  #ambiguousUntil = "";
  #isMiscounted = false;

  constructor(cluster: SimCluster) {
    this.#cluster = cluster;
  }

  /** The store was set back: what was acknowledged may be gone. */
  historyLost(): void {
    this.#hasLostHistory = true;
    if (this.#lastStamp > this.#ambiguousUntil) this.#ambiguousUntil = this.#lastStamp;
    this.#acknowledged.clear();
    this.#claims.clear();
    this.#items.clear();
    const items = this.#cluster.store.peekAll<ItemValue>(this.#keys.items);
    for (const { value, versionstamp } of items) {
      this.#items.set(value.id, value);
      this.#completedAt.set(value.id, versionstamp);
      this.#movedAtMs.set(value.id, this.#cluster.time.nowMs);
    }
    this.#unfinished = items.filter(({ value }) => isUnfinished(value)).length;
  }

  /** What is acknowledged and claimed from here on counts. */
  historyStands(): void {
    this.#hasLostHistory = false;
  }

  /** An item was acknowledged to the one who assigned it. */
  acknowledged(id: string): void {
    if (this.#hasLostHistory) return; // the answer may be of before
    if (!this.#items.has(id)) throw new Error(`I5: ${id} was acknowledged and is not there`);
    this.#acknowledged.set(id, this.#cluster.time.nowMs);
  }

  /** A process holds a claim, for as long as it is awake and the claim is open. */
  claimed(claim: OpenClaim, isAwake: () => boolean): void {
    if (!this.#hasLostHistory) this.#claims.set(claim, isAwake); // else it may be of before
  }

  /** A claim was closed. */
  closed(claim: OpenClaim): void {
    this.#claims.delete(claim);
  }

  /** Looks at a commit, at the moment at which it is applied. */
  committed({ keys, versionstamp }: SimCommit): void {
    this.#lastStamp = versionstamp;
    let touchesItems = false;
    for (const key of keys) {
      if (key[1] !== "work" || key[3] !== "item") continue;
      touchesItems = true;
      this.#itemWritten(String(key[4]), this.#cluster.store.peek<ItemValue>(key).value);
    }
    if (touchesItems) this.#checkBacklog();
  }

  #itemWritten(id: string, value: ItemValue | null): void {
    const before = this.#items.get(id);
    if (value === null) throw new Error(`I5: ${id} was removed`);
    if (before?.status === "completed") {
      if (this.#completedAt.get(id)! > this.#ambiguousUntil) {
        throw new Error(`I5: a second result or state of ${id} after it was completed`);
      }
      this.#isMiscounted = true;
    }
    if (value.attempt > value.maxAttempts) throw new Error(`I5: ${id} has too many attempts`);
    if (before && value.attempt > before.attempt + 1) throw new Error(`I5: ${id} skips attempts`);
    this.#unfinished += Number(isUnfinished(value)) -
      Number(before !== undefined && isUnfinished(before));
    this.#items.set(id, value);
    this.#movedAtMs.set(id, this.#cluster.time.nowMs);
    if (value.status === "completed") this.#completedAt.set(id, this.#lastStamp);
    if (!before) return this.#cluster.witness("work assigned");
    if (value.status === "dead") this.#cluster.witness("work given up");
    if (value.status === "completed") this.#cluster.witness("work completed");
    if (value.status === "completed" && value.attempt > 1) {
      this.#cluster.witness("work completed by a later attempt");
    }
    if (before.status === "claimed" && (value.status === "waiting" || value.status === "ready")) {
      this.#cluster.witness("work taken from a claimant, or given back");
    }
    if (before.status === "ready" && value.status === "ready") {
      this.#cluster.witness("work reassigned before it was begun");
    }
  }

  #checkBacklog(): void {
    const counter = this.#cluster.store.peek<Deno.KvU64>(this.#keys.backlog).value;
    const backlog = Number(counter?.value ?? 0n);
    if (backlog === this.#unfinished || this.#isMiscounted) return;
    throw new Error(`I6: the backlog says ${backlog}, there are ${this.#unfinished} items`);
  }

  /** No two processes that are awake hold one item valid at the same time. */
  checkClaims(areClocksTrusted: boolean): void {
    if (!areClocksTrusted || this.#hasLostHistory || this.#claims.size < 2) return;
    const held = new Map<string, string>();
    for (const [claim, isAwake] of this.#claims) {
      if (!isAwake()) continue;
      if (!claim.isValid()) continue;
      const other = held.get(claim.id);
      if (other) throw new Error(`I4: ${other} and ${claim.holder} both hold ${claim.id}`);
      held.set(claim.id, claim.holder);
    }
  }

  /** At the end everything that was acknowledged is done, or was given up in plain sight. */
  checkEnd(): void {
    const { endAtMs, healAtMs, classes } = this.#cluster.schedule;
    const slowness = classes.includes("clockRate") ? 2 : 1;
    const dueMs = endAtMs - DONE_WITHIN_MS;
    for (const [id, atMs] of this.#acknowledged) {
      const { status, claimMs } = this.#items.get(id)!;
      if (atMs > dueMs || status === "completed" || status === "dead") continue;
      const standsFromMs = Math.max(this.#movedAtMs.get(id)!, healAtMs);
      const standsMaxMs = slowness * (STANDS_MAX_MS + (status === "claimed" ? claimMs : 0));
      if (standsFromMs + standsMaxMs > endAtMs) continue;
      throw new Error(`liveness: ${id} is still ${status} after healing`);
    }
    const dead = this.#cluster.store.peekAll(this.#keys.dead).length;
    const deadItems = [...this.#items.values()].filter(({ status }) => status === "dead").length;
    if (dead !== deadItems) throw new Error(`I6: ${dead} dead letters of ${deadItems} dead items`);
  }
}

function isUnfinished({ status }: ItemValue): boolean {
  return status !== "completed" && status !== "dead";
}
