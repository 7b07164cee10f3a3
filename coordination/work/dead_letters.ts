import { WorkStatus } from "../../enums/work_status.ts";
import { encodeRecord } from "../election_records.ts";
import type { StoredWork } from "./work_record.ts";
import type { WorkSetting } from "./work_setting.ts";
import type { WorkShelf } from "./work_shelf.ts";

/** For how long it is known which call dropped an item, in ms. */
const DROPPED_KEPT_MS = 600_000;
const DROP_BYTES = 1_024;

/** Drives items again that were given up, or removes them. */
export class DeadLetters {
  readonly #setting: WorkSetting;
  readonly #shelf: WorkShelf;

  /**
   * @param setting The node.
   * @param shelf Reads items.
   */
  constructor(setting: WorkSetting, shelf: WorkShelf) {
    this.#setting = setting;
    this.#shelf = shelf;
  }

  /** @returns Whether this call drove the item again; false when there is no dead item of that id. */
  async redrive(id: string): Promise<boolean> {
    const item = await this.#find(id);
    if (item === null) return false;
    const { part } = this.#setting.transitions.redrive(item);
    return (await this.#setting.commits.commit(part)).kind === "committed";
  }

  /** @returns Whether this call removed the item; false when there is no dead item of that id. */
  async drop(id: string): Promise<boolean> {
    const item = await this.#find(id);
    if (item === null) return false;
    const { keys, commits } = this.#setting;
    const key = keys.item(id);
    const witness = { key: keys.droppedAt(id), nonce: crypto.randomUUID() };
    const note = encodeRecord({ nonce: witness.nonce });
    const { kind } = await commits.commit({
      checks: [{ key, versionstamp: item.versionstamp }],
      sets: [{ key: witness.key, value: note, expireInMs: DROPPED_KEPT_MS }],
      deletes: [key, keys.deadAt(id)],
      witness,
      bytes: DROP_BYTES,
    });
    return kind === "committed";
  }

  async #find(id: string): Promise<StoredWork | null> {
    const item = await this.#shelf.get(id);
    return item?.record.status === WorkStatus.DEAD ? item : null;
  }
}
