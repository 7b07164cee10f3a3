/**
 * Keys as Deno KV stores them: strings of bytes whose order is the order of the keys. A byte is a
 * character from 0 to 255 here, so that strings can be compared and looked up as they are.
 *
 * Source: the tuple encoding of FoundationDB, which Deno KV uses, as measured on Deno 2.9.6. Unlike
 * its documentation says, bigints come before numbers.
 *
 * @module
 */

const BYTES = "\x01";
const STRING = "\x02";
const BIGINT_ZERO = 0x14;
const BIGINT_LARGE_NEGATIVE = "\x0b";
const BIGINT_LARGE_POSITIVE = "\x1d";
const NUMBER = "\x21";
const FALSE = "\x26";
const TRUE = "\x27";
const BIGINT_SMALL_BYTES_MAX = 8;
const BIGINT_BYTES_MAX = 255;

/** Stands for the versionstamp of the commit, as last part of a key that is written. */
export const COMMIT_VERSIONSTAMP: unique symbol = Symbol("KvCommitVersionstamp");

const NO_KEY_PART = "expected string, number, bigint, ArrayBufferView, boolean";

// deno-lint-ignore no-control-regex -- a key may hold control characters
const SIMPLE = /^[\x01-\x7f]*$/;
const float = new DataView(new ArrayBuffer(8));
const utf8 = new TextEncoder();

/**
 * Encodes a key.
 *
 * @param key The key.
 * @returns Its bytes.
 * @throws {TypeError} when a part is of no kind that keys are made of.
 */
export function encodeKey(key: Deno.KvKey): string {
  let encoded = "";
  for (let i = 0; i < key.length; i++) {
    const part = key[i];
    encoded += typeof part === "string" && SIMPLE.test(part)
      ? `${STRING}${part}\0`
      : encodePart(part);
  }
  return encoded;
}

/**
 * Copies a key into what reading it would give.
 *
 * @param key The key.
 * @returns Equal parts, none of them shared.
 */
export function copyKey(key: Deno.KvKey): Deno.KvKeyPart[] {
  const copy = key.slice();
  for (let i = 0; i < copy.length; i++) {
    const part = copy[i]!;
    if (typeof part === "object") copy[i] = bytesOf(part).slice();
    else if (typeof part === "string" && !part.isWellFormed()) copy[i] = part.toWellFormed();
  }
  return copy;
}

function encodePart(part: unknown): string {
  switch (typeof part) {
    case "string":
      return STRING + escapeZeros(latin1(utf8.encode(part)));
    case "number":
      return NUMBER + encodeNumber(part);
    case "bigint":
      return encodeBigint(part);
    case "boolean":
      return part ? TRUE : FALSE;
    default:
      if (ArrayBuffer.isView(part)) return BYTES + escapeZeros(latin1(bytesOf(part)));
      throw new TypeError(NO_KEY_PART);
  }
}

function bytesOf(view: ArrayBufferView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

function latin1(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

function escapeZeros(text: string): string {
  return `${text.replaceAll("\0", "\0\xff")}\0`;
}

/** Big-endian, with the sign bit flipped, or all bits of negative numbers. */
function encodeNumber(value: number): string {
  float.setFloat64(0, value);
  const isNegative = float.getUint8(0) >= 0x80;
  let encoded = "";
  for (let i = 0; i < float.byteLength; i++) {
    const flip = isNegative ? 0xff : i === 0 ? 0x80 : 0;
    encoded += String.fromCharCode(float.getUint8(i) ^ flip);
  }
  return encoded;
}

function encodeBigint(value: bigint): string {
  if (value === 0n) return String.fromCharCode(BIGINT_ZERO);
  const isNegative = value < 0n;
  let digits = (isNegative ? -value : value).toString(16);
  if (digits.length % 2 === 1) digits = `0${digits}`;
  const length = digits.length / 2;
  if (length > BIGINT_BYTES_MAX) {
    throw new TypeError(`BigUint requires more than ${BIGINT_BYTES_MAX} bytes to be represented`);
  }
  const flip = isNegative ? 0xff : 0;
  let encoded = "";
  for (let i = 0; i < digits.length; i += 2) {
    encoded += String.fromCharCode(Number.parseInt(digits.slice(i, i + 2), 16) ^ flip);
  }
  if (length <= BIGINT_SMALL_BYTES_MAX) {
    return String.fromCharCode(BIGINT_ZERO + (isNegative ? -length : length)) + encoded;
  }
  const tag = isNegative ? BIGINT_LARGE_NEGATIVE : BIGINT_LARGE_POSITIVE;
  return tag + String.fromCharCode(length ^ flip) + encoded;
}
