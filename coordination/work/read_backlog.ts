import { CorruptRecordError } from "../errors.ts";
import type { WorkSetting } from "./work_setting.ts";

/**
 * Reads how many items are neither completed nor dead.
 *
 * @throws {CorruptRecordError} when something other than a counter stands there.
 * @throws {StoreUnavailableError} when there is no answer in time.
 */
export async function readBacklog({ store, keys, timing }: WorkSetting): Promise<number> {
  const { value } = await store.get(keys.backlog, { timeoutMs: timing.attemptTimeoutMs });
  if (value === null) return 0;
  if (value instanceof Deno.KvU64) return Number(BigInt.asIntN(64, value.value));
  throw new CorruptRecordError(keys.backlog, "expected a counter");
}
