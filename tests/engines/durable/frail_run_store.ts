import type { RunStore, RunStoreChange } from "../../../engines/durable/run_store.ts";

/** What becomes of one commit. */
export type CommitFate = "lost before" | "lost after";

/**
 * A store that a process sees until it dies: its k-th commit, from 1, is lost before or after it was
 * applied, and nothing answers afterwards.
 */
export function dyingAt(inner: RunStore, k: number, fate: CommitFate): RunStore {
  let commits = 0;
  const isDead = () => commits >= k;
  const dead = () => Promise.reject(new Error("the process has died"));
  return {
    get: (key) => isDead() ? dead() : inner.get(key),
    list: (prefix, options) => isDead() ? dead() : inner.list(prefix, options),
    commit: async (change: RunStoreChange) => {
      if (isDead()) return dead();
      if (++commits < k) return await inner.commit(change);
      if (fate === "lost after") await inner.commit(change);
      return dead();
    },
  };
}

/** A store that loses the answer of some commits, by their number from 1, and goes on. */
export function forgetful(
  inner: RunStore,
  fates: Readonly<Record<number, CommitFate>>,
): RunStore {
  let commits = 0;
  return {
    get: (key) => inner.get(key),
    list: (prefix, options) => inner.list(prefix, options),
    commit: async (change: RunStoreChange) => {
      const fate = fates[++commits];
      if (fate === "lost before") throw new Error("no answer");
      const version = await inner.commit(change);
      if (fate === "lost after") throw new Error("no answer");
      return version;
    },
  };
}
