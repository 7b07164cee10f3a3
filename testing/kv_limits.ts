import { measureValue, type StoredValue } from "./kv_value.ts";
import type { KvWrite } from "./kv_write.ts";

const CHECKS_MAX = 100;
const CHECKS_MAX_DENOKV = 10;
const CHANGES_MAX = 1_000;
const READ_KEYS_MAX = 10;
const WATCH_KEYS_MAX = 10;
const BATCH_ENTRIES_MAX = 1_000;
const WRITE_KEY_BYTES_MAX = 2_048;
/** One more than for writes: a range ends with the byte that comes after its last key. */
const READ_KEY_BYTES_MAX = 2_049;
const VALUE_BYTES_MAX = 65_536;
const WRITE_BYTES_MAX = 819_200;
const WRITE_KEYS_BYTES_MAX = 81_920;

/** Which store's limits hold: those of Deno itself, or those of the self-hosted server as well. */
export type KvLimits = "deno" | "denokv";

/**
 * Refuses reads of too many keys.
 *
 * @param keyCount How many are read.
 * @throws {TypeError} when that is more than the store takes.
 */
export function checkReadCount(keyCount: number): void {
  if (keyCount > READ_KEYS_MAX) throw new TypeError(`Too many ranges (max ${READ_KEYS_MAX})`);
}

/**
 * Refuses watches of too many keys.
 *
 * @param keyCount How many are watched.
 * @throws {TypeError} when that is more than the store takes.
 */
export function checkWatchCount(keyCount: number): void {
  if (keyCount > WATCH_KEYS_MAX) throw new TypeError(`Too many keys (max ${WATCH_KEYS_MAX})`);
}

/**
 * Refuses lists that read too much at a time.
 *
 * @param batchSize How many entries are read at a time.
 * @throws {TypeError} when that is more than the store takes.
 */
export function checkBatchSize(batchSize: number): void {
  if (batchSize > BATCH_ENTRIES_MAX) {
    throw new TypeError(`Too many entries (max ${BATCH_ENTRIES_MAX})`);
  }
}

/**
 * Refuses to read below a key that is too long.
 *
 * @param byteCount How long the bound of the range is.
 * @throws {TypeError} when that is longer than the store takes.
 */
export function checkReadKey(byteCount: number): void {
  if (byteCount > READ_KEY_BYTES_MAX) {
    throw new TypeError(`Key too large for read (max ${READ_KEY_BYTES_MAX} bytes)`);
  }
}

/**
 * Refuses an atomic operation of too many parts, before it is looked at.
 *
 * @param checkCount How many checks it has.
 * @param changeCount How many changes.
 * @throws {TypeError} when that is more than Deno takes.
 */
export function checkWriteCount(checkCount: number, changeCount: number): void {
  if (checkCount > CHECKS_MAX) throw new TypeError(`Too many checks (max ${CHECKS_MAX})`);
  if (changeCount > CHANGES_MAX) throw new TypeError(`Too many mutations (max ${CHANGES_MAX})`);
}

/**
 * Refuses an atomic operation that is too large, before it is sent.
 *
 * @param write The operation.
 * @throws {TypeError} when Deno does not take it.
 */
export function checkWriteSize(write: KvWrite): void {
  let keyBytes = 0;
  let valueKeyBytes = 0;
  let valueBytesMax = 0;
  for (const { encoded } of write.checks) keyBytes += checkWriteKey(encoded);
  for (const { encoded, operand } of write.changes) {
    const length = checkWriteKey(encoded);
    keyBytes += length;
    if (operand === null) continue;
    checkValue(operand);
    valueKeyBytes += length;
    valueBytesMax += operand.sizeMax;
  }
  const ownBytes = keyBytes + valueKeyBytes;
  if (ownBytes + valueBytesMax > WRITE_BYTES_MAX) checkTotal(write, ownBytes);
  if (valueKeyBytes > WRITE_KEYS_BYTES_MAX) {
    throw new TypeError(`Total key size too large (max ${WRITE_KEYS_BYTES_MAX} bytes)`);
  }
}

/**
 * Refuses what the server does not take, when it arrives there.
 *
 * @param write The operation.
 * @param limits Whose limits hold.
 * @throws {TypeError} when it is refused.
 */
export function checkArrivedWrite(write: KvWrite, limits: KvLimits): void {
  if (limits === "denokv" && write.checks.length > CHECKS_MAX_DENOKV) {
    throw new TypeError("Too many checks included in atomic write.");
  }
}

function checkWriteKey(encoded: string): number {
  if (encoded.length === 0) throw new TypeError("key cannot be empty");
  if (encoded.length > WRITE_KEY_BYTES_MAX) {
    throw new TypeError(`Key too large for write (max ${WRITE_KEY_BYTES_MAX} bytes)`);
  }
  return encoded.length;
}

function checkValue(operand: StoredValue): void {
  if (operand.sizeMax > VALUE_BYTES_MAX && measureValue(operand) > VALUE_BYTES_MAX) {
    throw new TypeError(`Value too large (max ${VALUE_BYTES_MAX} bytes)`);
  }
}

/** Measures what the estimate did not clear. */
function checkTotal({ changes }: KvWrite, keyBytes: number): void {
  let bytes = keyBytes;
  for (const { operand } of changes) if (operand) bytes += measureValue(operand);
  if (bytes > WRITE_BYTES_MAX) {
    throw new TypeError(`Total mutation size too large (max ${WRITE_BYTES_MAX} bytes)`);
  }
}
