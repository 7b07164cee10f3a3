import type { SimStore } from "../../testing/sim_store.ts";
import type { SimCommit } from "../../testing/sim_store_state.ts";

interface MemberValue {
  readonly incarnation: string;
  readonly beat: number;
}

/** I9: an incarnation of a member that left or was replaced by another never comes back. */
export class MembershipInvariants {
  readonly #members: Deno.KvKey;
  readonly #prefix: string;
  readonly #present = new Map<string, MemberValue>();
  readonly #gone = new Set<string>();
  #hasLostHistory = false;

  constructor(readonly store: SimStore, members: Deno.KvKey) {
    this.#members = members;
    this.#prefix = JSON.stringify(members).slice(0, -1);
  }

  /** The store was set back: what was replaced may stand there again, and old beats fit anew. */
  historyLost(): void {
    this.#hasLostHistory = true;
    this.#present.clear();
    this.#gone.clear();
  }

  /** What is there now counts from here on. */
  historyStands(): void {
    this.#hasLostHistory = false;
    this.#present.clear();
    this.#gone.clear();
    for (const { key, value } of this.store.peekAll<MemberValue>(this.#members)) {
      this.#present.set(JSON.stringify(key), value);
    }
  }

  /** Looks at a commit, at the moment at which it is applied. */
  committed({ keys }: SimCommit): void {
    for (const key of keys) {
      if (this.#hasLostHistory) return;
      const id = JSON.stringify(key);
      if (!id.startsWith(this.#prefix)) continue;
      const { value } = this.store.peek<MemberValue>(key);
      const before = this.#present.get(id);
      if (before && before.incarnation !== value?.incarnation) this.#gone.add(before.incarnation);
      if (value === null) {
        this.#present.delete(id);
        continue;
      }
      const { incarnation, beat } = value;
      if (this.#gone.has(incarnation)) {
        throw new Error(`I9: the dead incarnation ${incarnation} of ${id} came back`);
      }
      if (before?.incarnation === incarnation && beat < before.beat) {
        throw new Error(`I9: ${id} was started twice as ${incarnation}`);
      }
      this.#present.set(id, value);
    }
  }
}
