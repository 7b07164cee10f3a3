/** Where a cluster keeps its work. Everything is below one prefix of its own. */
export class WorkKeys {
  /** Every item, by its id. */
  readonly items: Deno.KvKey;
  /** Items that were assigned and not claimed yet, by member, priority and age. */
  readonly ready: Deno.KvKey;
  /** Claims in force, by member and item. */
  readonly claimed: Deno.KvKey;
  /** Items that nobody has. */
  readonly waiting: Deno.KvKey;
  /** Items that were given up. */
  readonly dead: Deno.KvKey;
  /** Items that were handed to the leader and are not acknowledged yet. */
  readonly inbox: Deno.KvKey;
  /** Members that may have ready items. */
  readonly assignees: Deno.KvKey;
  /** A counter: items that are neither completed nor dead. */
  readonly backlog: Deno.KvKey;
  /** What wakes the leader. */
  readonly leaderBell: Deno.KvKey;
  readonly #prefix: Deno.KvKey;

  /** @param cluster The cluster's name. */
  constructor(cluster: string) {
    this.#prefix = ["baton", "work", cluster];
    this.items = [...this.#prefix, "item"];
    this.ready = [...this.#prefix, "ready"];
    this.claimed = [...this.#prefix, "claimed"];
    this.waiting = [...this.#prefix, "waiting"];
    this.dead = [...this.#prefix, "dead"];
    this.inbox = [...this.#prefix, "inbox"];
    this.assignees = [...this.#prefix, "assignee"];
    this.backlog = [...this.#prefix, "backlog"];
    this.leaderBell = [...this.#prefix, "leader-bell"];
  }

  /** @returns Where an item's record stands. */
  item(id: string): Deno.KvKey {
    return [...this.items, id];
  }

  /** @returns What a member's ready items are below. */
  readyOf(member: string): Deno.KvKey {
    return [...this.ready, member];
  }

  /** @returns Where a ready item stands: the urgent first, then in the order of assignment. */
  readyAt(member: string, priority: number, order: AssignmentOrder): Deno.KvKey {
    return [...this.ready, member, 0 - priority, order.term, order.n];
  }

  /** @returns What a member's claims are below. */
  claimedOf(member: string): Deno.KvKey {
    return [...this.claimed, member];
  }

  /** @returns Where a claim stands. */
  claimedAt(member: string, id: string): Deno.KvKey {
    return [...this.claimed, member, id];
  }

  /** @returns Where an item stands that nobody has. */
  waitingAt(id: string): Deno.KvKey {
    return [...this.waiting, id];
  }

  /** @returns Where an item stands that was given up. */
  deadAt(id: string): Deno.KvKey {
    return [...this.dead, id];
  }

  /** @returns Where an item stands that was handed to the leader. */
  inboxAt(id: string): Deno.KvKey {
    return [...this.inbox, id];
  }

  /** @returns Where the leader's no to it stands. */
  refusalAt(id: string): Deno.KvKey {
    return [...this.#prefix, "refusal", id];
  }

  /** @returns Where it is noted for a while which call dropped it. */
  droppedAt(id: string): Deno.KvKey {
    return [...this.#prefix, "dropped", id];
  }

  /** @returns Where it is noted that a member may have ready items. */
  assigneeAt(member: string): Deno.KvKey {
    return [...this.assignees, member];
  }

  /** @returns What wakes a member. */
  bellOf(member: string): Deno.KvKey {
    return [...this.#prefix, "bell", member];
  }
}

/** Puts assignments of equal priority in order. */
export interface AssignmentOrder {
  /** The term in which it was assigned. */
  readonly term: number;
  /** Counts the assignments of the process that leads in it. */
  readonly n: number;
}

/** The least part that a key may have. */
const LEAST_PART = new Uint8Array();

/** @returns What comes right after a key, to go on from there in a list. */
export function keyAfter(key: Deno.KvKey): Deno.KvKey {
  return [...key, LEAST_PART];
}
