import { RunStoreUnavailableError } from "./run_errors.ts";
import { isWrittenBy } from "./stored_run.ts";
import type { RunStore, RunStoreChange, RunStoreKey } from "./run_store.ts";

/** How often a change is sent whose outcome is not known. */
const TRIES_MAX = 3;

/** A change of which it can be known afterwards whether it was made. */
export interface WitnessedChange extends RunStoreChange {
  /** One of the keys that it writes, with a value that has this change's nonce. */
  readonly witness: RunStoreKey;
  /** A text that no other change has. */
  readonly nonce: string;
}

/**
 * Makes a change once, whatever the store, also when that loses its answer: what stands at the witness
 * then tells. Its checks must keep it from being made a second time. One that was not answered in time
 * is not sent again.
 *
 * A store may repeat its calls, and know its own writes, as `KvRunStore` does by receipts; what it
 * still cannot answer is found out here.
 *
 * @param store Where.
 * @param change The change.
 * @returns The version of what it wrote; null when it was refused.
 * @throws What the store throws, when it gives no answer to the reading back either, or too often.
 */
export async function commitOnce(
  store: RunStore,
  { witness, nonce, ...change }: WitnessedChange,
): Promise<string | null> {
  let cause: unknown;
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    try {
      const version = await store.commit(change);
      // A refusal after an unknown outcome may be the refusal of what was made already.
      if (version !== null || tries === 0) return version;
      return await versionOf(store, witness, nonce);
    } catch (error) {
      if (error instanceof TypeError || error instanceof RangeError) throw error;
      cause = error;
    }
    const version = await versionOf(store, witness, nonce);
    if (version !== null) return version;
    // The store has waited long enough: who waits for the run would wait as long again.
    if (isTimeout(cause)) break;
  }
  throw cause;
}

function isTimeout(error: unknown): boolean {
  const { cause } = error instanceof RunStoreUnavailableError ? error : { cause: null };
  return cause instanceof DOMException && cause.name === "TimeoutError";
}

async function versionOf(
  store: RunStore,
  witness: RunStoreKey,
  nonce: string,
): Promise<string | null> {
  const entry = await store.get(witness);
  return isWrittenBy(entry, nonce) ? entry!.version : null;
}
