import { noQueues } from "./sim_kv_errors.ts";
import type { KvChange, KvChangeRequest } from "./kv_write.ts";
import { storeValue } from "./kv_value.ts";

/** Sends an atomic operation. */
export type SimKvCommit = (
  checks: readonly Deno.AtomicCheck[],
  changes: readonly KvChangeRequest[],
) => Promise<Deno.KvCommitResult | Deno.KvCommitError>;

/** An atomic operation on a simulated store. */
export class SimKvAtomic implements Deno.AtomicOperation {
  readonly #commit: SimKvCommit;
  readonly #checks: Deno.AtomicCheck[] = [];
  readonly #changes: KvChangeRequest[] = [];

  /** @param commit Sends it. */
  constructor(commit: SimKvCommit) {
    this.#commit = commit;
  }

  /** Adds checks: unless all of them stand, nothing is done. */
  check(...checks: Deno.AtomicCheck[]): this {
    for (const { key, versionstamp } of checks) this.#checks.push({ key, versionstamp });
    return this;
  }

  /** Adds changes given as records. */
  mutate(...mutations: Deno.KvMutation[]): this {
    for (const mutation of mutations) this.#mutate(mutation);
    return this;
  }

  /** Adds to a number of 64 bits. */
  sum(key: Deno.KvKey, n: bigint): this {
    return this.#add("sum", key, new Deno.KvU64(n));
  }

  /** Lowers a number of 64 bits to another. */
  min(key: Deno.KvKey, n: bigint): this {
    return this.#add("min", key, new Deno.KvU64(n));
  }

  /** Raises a number of 64 bits to another. */
  max(key: Deno.KvKey, n: bigint): this {
    return this.#add("max", key, new Deno.KvU64(n));
  }

  /** Sets a value. */
  set(key: Deno.KvKey, value: unknown, options?: { expireIn?: number }): this {
    checkExpireIn(options?.expireIn);
    return this.#add("set", key, value, options?.expireIn);
  }

  /** Removes a value. */
  delete(key: Deno.KvKey): this {
    this.#changes.push({ type: "delete", key, operand: null, expireInMs: undefined });
    return this;
  }

  /**
   * Not there: simulated stores have no queues, as KV Connect has none.
   *
   * @throws {TypeError} always.
   */
  enqueue(): this {
    throw noQueues();
  }

  /** Sends the operation. */
  commit(): Promise<Deno.KvCommitResult | Deno.KvCommitError> {
    return this.#commit(this.#checks.slice(), this.#changes.slice());
  }

  /**
   * Nobody waits for an operation, only for its commit.
   *
   * @throws {TypeError} always.
   */
  then(): never {
    throw new TypeError(
      "'Deno.AtomicOperation' is not a promise: did you forget to call 'commit()'",
    );
  }

  #mutate(mutation: Deno.KvMutation): void {
    const { type, key } = mutation;
    switch (type) {
      case "delete":
        if ("value" in mutation && mutation.value) {
          throw new TypeError("Invalid mutation 'delete' with value");
        }
        this.delete(key);
        return;
      case "set":
      case "sum":
      case "min":
      case "max": {
        const expireIn = type === "set" ? mutation.expireIn : undefined;
        checkExpireIn(expireIn);
        if (!Object.hasOwn(mutation, "value")) {
          throw new TypeError(`Invalid mutation '${type}' without value`);
        }
        this.#add(type, key, mutation.value, expireIn);
        return;
      }
      default: {
        const impossible: never = type;
        void impossible;
        throw new TypeError("Invalid mutation type");
      }
    }
  }

  #add(type: KvChange["type"], key: Deno.KvKey, value: unknown, expireInMs?: number): this {
    this.#changes.push({ type, key, operand: storeValue(value), expireInMs });
    return this;
  }
}

/**
 * Checks after which time a value may be removed.
 *
 * @param expireIn The time in ms.
 * @throws {TypeError} when it is none.
 */
export function checkExpireIn(expireIn: number | undefined): void {
  if (expireIn === undefined || (Number.isInteger(expireIn) && expireIn >= 0)) return;
  throw new TypeError(`expireIn must be a non-negative integer: received ${expireIn}`);
}
