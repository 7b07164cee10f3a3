import { COMMIT_VERSIONSTAMP, copyKey, encodeKey } from "./kv_key.ts";
import { type StoredValue, storeValue } from "./kv_value.ts";

/** What must still stand for a write to happen. */
export interface KvCheck {
  /** The encoded key. */
  readonly encoded: string;
  /** What its versionstamp must be; null for a key without a value. */
  readonly versionstamp: string | null;
}

/** One change. */
export interface KvChange {
  /** What is done. */
  readonly type: "set" | "delete" | "sum" | "min" | "max";
  /** The key, without the versionstamp that ends it. */
  readonly key: Deno.KvKey;
  /** The encoded key, likewise. */
  readonly encoded: string;
  /** Whether the key ends with the versionstamp of the commit. */
  readonly isStamped: boolean;
  /** The value or operand. */
  readonly operand: StoredValue | null;
  /** After how many ms the value may be removed. */
  readonly expireInMs: number | undefined;
}

/** An atomic operation as it is sent. */
export interface KvWrite {
  /** What must still stand. */
  readonly checks: readonly KvCheck[];
  /** What changes, in order. */
  readonly changes: readonly KvChange[];
}

const VERSIONSTAMP = /^[\da-f]{20}$/i;
const U64_BITS = 64;

/**
 * Encodes a check.
 *
 * @param check The check, as the caller gave it.
 * @returns The check, as it is sent.
 * @throws {TypeError} when it is none.
 */
export function encodeCheck(check: Deno.AtomicCheck): KvCheck {
  const versionstamp: unknown = check.versionstamp ?? null;
  if (versionstamp !== null && typeof versionstamp !== "string") {
    throw new TypeError("serde_v8 error: invalid type; expected: string, got: Number");
  }
  const encoded = encodeKey(check.key);
  if (versionstamp === null) return { encoded, versionstamp };
  if (!VERSIONSTAMP.test(versionstamp)) throw new TypeError("Invalid check");
  return { encoded, versionstamp: versionstamp.toLowerCase() };
}

/** A change, as the caller gave it, with its value copied. */
export type KvChangeRequest = Omit<KvChange, "encoded" | "isStamped">;

/**
 * Encodes a change.
 *
 * @param request The change, as the caller gave it.
 * @returns The change, as it is sent.
 * @throws {TypeError} when the key is none.
 */
export function encodeChange(request: KvChangeRequest): KvChange {
  const { type, key, operand, expireInMs } = request;
  const isStamped = key.at(-1) === COMMIT_VERSIONSTAMP;
  const written = isStamped ? key.slice(0, -1) : key;
  const encoded = encodeKey(written);
  return { type, key: copyKey(written), encoded, isStamped, operand, expireInMs };
}

/**
 * Does the arithmetic of a change.
 *
 * @param change What is done.
 * @param current What stands there; undefined for nothing.
 * @returns What stands there then, or why it cannot be done: most often because what stands there is
 * no number of 64 bits.
 */
export function computeChange(
  change: KvChange,
  current: StoredValue | undefined,
): StoredValue | TypeError {
  const { type } = change;
  const operand = change.operand!;
  if (type === "set" || current === undefined) return operand;
  if (operand.form !== "u64") {
    if (type === "sum") return sumOfValues(current.value, operand.value);
    return new TypeError(`Failed to perform '${type}' mutation on a non-U64 operand`);
  }
  if (current.form !== "u64") {
    return new TypeError(`Failed to perform '${type}' mutation on a non-U64 value in the database`);
  }
  const [a, b] = [current.value as Deno.KvU64, operand.value as Deno.KvU64];
  return storeValue(new Deno.KvU64(combine(type, a.value, b.value)));
}

function combine(type: KvChange["type"], a: bigint, b: bigint): bigint {
  if (type === "sum") return BigInt.asUintN(U64_BITS, a + b);
  return (type === "min") === (a < b) ? a : b;
}

/** Deno adds numbers and bigints too, where both are of one kind. */
function sumOfValues(a: unknown, b: unknown): StoredValue | TypeError {
  if (typeof a === "number" && typeof b === "number") return storeValue(a + b);
  if (typeof a === "bigint" && typeof b === "bigint") return storeValue(a + b);
  return new TypeError(`Cannot sum ${nameOf(a)} with ${nameOf(b)}`);
}

function nameOf(value: unknown): string {
  if (typeof value === "number") return "Number";
  if (typeof value === "bigint") return "BigInt";
  return value instanceof Deno.KvU64 ? "KvU64" : "value";
}
