import type {
  RecoveryStorage,
  StorageChange,
  StorageKey,
  StorageListOptions,
  StoredEntry,
} from "../../orchestration/recovery/recovery_storage.ts";
import type { RecoveryTerm } from "../../orchestration/recovery/recovery_lane.ts";
import type { SimProcess } from "../../testing/sim_node.ts";
import { WRITER, type Writer } from "./recovery_commits.ts";

/** Moments of a lane's worker at which its process may be made to die. */
export type Moment =
  | "before a commit"
  | "commit applied"
  | "after a commit"
  | "effect begun"
  | "effect ended";

/** What became of a commit, as far as its sender knows. */
export type CommitAnswer = "committed" | "refused" | "unknown";

/** Options of {@link RecoveryStorageTap}. */
export interface RecoveryStorageTapOptions {
  readonly inner: RecoveryStorage;
  readonly process: SimProcess;
  /** Whether the process dies there. */
  readonly dies: (moment: Moment, lane: string) => boolean;
  /** What became of a commit, as the process sees it. */
  readonly answered: (writer: Writer, change: StorageChange, answer: CommitAnswer) => void;
}

const NEVER = new Promise<never>(() => {});

/** A storage that writes down with each change of a lane who sent it. */
export class RecoveryStorageTap implements RecoveryStorage {
  readonly #options: RecoveryStorageTapOptions;
  #sent = 0;

  constructor(options: RecoveryStorageTapOptions) {
    this.#options = options;
  }

  get(key: StorageKey): Promise<StoredEntry | null> {
    return this.#options.inner.get(key);
  }

  list(prefix: StorageKey, options: StorageListOptions): Promise<readonly StoredEntry[]> {
    return this.#options.inner.list(prefix, options);
  }

  async commit(change: StorageChange): Promise<string | null> {
    const { inner, process, dies, answered } = this.#options;
    const ledger = change.sets?.find(({ key }) => key[0] === "lanes" && key[2] === "ledger");
    if (ledger === undefined) return await inner.commit(change);
    const lane = ledger.key[1]!;
    const own = `${process.id}/${process.start}`;
    const { term = null } = (change.fence ?? {}) as Partial<RecoveryTerm>;
    const writer: Writer = {
      commit: `${own}/${++this.#sent}`,
      node: process.id,
      process: own,
      term,
    };
    if (dies("before a commit", lane)) await NEVER;
    try {
      const sets = [...change.sets!, { key: WRITER, value: writer }];
      const version = await inner.commit({ ...change, sets });
      answered(writer, change, version === null ? "refused" : "committed");
      if (dies("after a commit", lane)) await NEVER;
      return version;
    } catch (error) {
      answered(writer, change, "unknown");
      throw error;
    }
  }
}
