import { WorkStatus } from "../../enums/work_status.ts";
import type { WorkFilter } from "./work_filter.ts";
import { describeWork, type WorkInfo } from "./work_info.ts";
import { keyAfter } from "./work_keys.ts";
import { parseStoredWork, parseWorkCopy, type StoredWork } from "./work_record.ts";
import type { WorkSetting } from "./work_setting.ts";

export type { WorkFilter } from "./work_filter.ts";

const PAGE_SIZE = 500;

/** Reads items of work. Records that cannot be read are left out and counted. */
export class WorkShelf {
  readonly #setting: WorkSetting;

  /** @param setting The node. */
  constructor(setting: WorkSetting) {
    this.#setting = setting;
  }

  /** @returns The item; null when there is none. */
  async get(id: string): Promise<StoredWork | null> {
    const { store, keys, timing } = this.#setting;
    return parseStoredWork(
      await store.get(keys.item(id), { timeoutMs: timing.attemptTimeoutMs }),
    );
  }

  /**
   * Lists items. What changes meanwhile may be missed or be listed as it was.
   *
   * @param filter Which ones, and how many.
   * @returns The items, in the order that {@link WorkFilter.after} tells.
   */
  async list(filter: WorkFilter): Promise<WorkInfo[]> {
    const { status, assignee, limit = 100 } = filter;
    const found: WorkInfo[] = [];
    for await (const { record } of this.#candidates(filter)) {
      if (status !== undefined && record.status !== status) continue;
      if (assignee !== undefined && record.assignee !== assignee) continue;
      found.push(describeWork(record));
      if (found.length >= limit) break;
    }
    return found;
  }

  /** Goes by the shortest list that has all of them in order. */
  #candidates({ status, assignee, after }: WorkFilter): AsyncGenerator<StoredWork> {
    const { keys } = this.#setting;
    switch (status) {
      case WorkStatus.READY:
        if (after !== undefined) return this.#copies(keys.items, after);
        return this.#copies(assignee === undefined ? keys.ready : keys.readyOf(assignee));
      case WorkStatus.WAITING:
        return this.#copies(keys.waiting, after);
      case WorkStatus.CLAIMED:
        if (assignee !== undefined) return this.#noted(keys.claimedOf(assignee), after);
        return after === undefined ? this.#noted(keys.claimed) : this.#copies(keys.items, after);
      case WorkStatus.DEAD:
        return this.#noted(keys.dead, after);
      case WorkStatus.COMPLETED:
      case undefined:
        return this.#copies(keys.items, after);
      default:
        return status satisfies never;
    }
  }

  async *#copies(prefix: Deno.KvKey, after?: string): AsyncGenerator<StoredWork> {
    for await (const page of this.#pages(prefix, after)) {
      for (const entry of page) {
        const copy = this.#setting.counters.readable(() => parseWorkCopy(entry));
        if (copy) yield copy;
      }
    }
  }

  /** Items whose ids end the keys below a prefix. */
  async *#noted(prefix: Deno.KvKey, after?: string): AsyncGenerator<StoredWork> {
    const { store, keys, timing, counters } = this.#setting;
    for await (const page of this.#pages(prefix, after)) {
      const items = await store.getMany(page.map(({ key }) => keys.item(String(key.at(-1)))), {
        timeoutMs: timing.attemptTimeoutMs,
      });
      for (const entry of items) {
        const item = counters.readable(() => parseStoredWork(entry));
        if (item) yield item;
      }
    }
  }

  async *#pages(prefix: Deno.KvKey, after?: string): AsyncGenerator<Deno.KvEntry<unknown>[]> {
    const { store, timing } = this.#setting;
    let start = after === undefined ? undefined : keyAfter([...prefix, after]);
    do {
      const page = await store.list(prefix, {
        timeoutMs: timing.attemptTimeoutMs,
        limit: PAGE_SIZE,
        ...(start && { start }),
      });
      start = page.length < PAGE_SIZE ? undefined : keyAfter(page.at(-1)!.key);
      yield page;
    } while (start);
  }
}
