import type { SimStore } from "../../testing/sim_store.ts";
import type { SimCommit } from "../../testing/sim_store_state.ts";

/** I9: an incarnation of a member that was replaced by another never comes back. */
export class MembershipInvariants {
  readonly #prefix: string;
  readonly #present = new Map<string, string>();
  readonly #gone = new Set<string>();

  constructor(readonly store: SimStore, members: Deno.KvKey) {
    this.#prefix = JSON.stringify(members).slice(0, -1);
  }

  /** The store was set back: what was replaced may stand there again. */
  historyLost(): void {
    this.#present.clear();
    this.#gone.clear();
  }

  /** Looks at a commit, at the moment at which it is applied. */
  committed({ keys }: SimCommit): void {
    for (const key of keys) {
      const id = JSON.stringify(key);
      if (!id.startsWith(this.#prefix)) continue;
      const { value } = this.store.peek<{ readonly incarnation: string }>(key);
      if (value === null) continue;
      const { incarnation } = value;
      if (this.#gone.has(incarnation)) {
        throw new Error(`I9: the dead incarnation ${incarnation} of ${id} came back`);
      }
      const before = this.#present.get(id);
      if (before !== undefined && before !== incarnation) this.#gone.add(before);
      this.#present.set(id, incarnation);
    }
  }
}
