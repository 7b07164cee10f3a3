const BLOCK_BYTES = 64;

/** Fractional parts of the roots of the first primes, as FIPS 180-4 has them. */
const ROUND_CONSTANTS = fractionsOfRoots(64, 3);
const INITIAL_STATE = fractionsOfRoots(8, 2);

const utf8 = new TextEncoder();

/** What a block is spread over: one for all, for a hash is made without a pause. */
const words = new Int32Array(64);

/**
 * Hashes a text with SHA-256 (FIPS 180-4). Baton has its own, because `crypto.subtle` answers only
 * later, and `node:crypto` takes 15 ms to load; it is meant for texts of a few hundred characters.
 *
 * @param text The text, hashed as UTF-8.
 * @returns 64 hexadecimal digits.
 */
export function sha256(text: string): string {
  const view = pad(utf8.encode(text));
  const state = INITIAL_STATE.slice();
  for (let offset = 0; offset < view.byteLength; offset += BLOCK_BYTES) {
    spread(view, offset);
    compress(state);
  }
  return state.reduce((hex, word) => hex + (word >>> 0).toString(16).padStart(8, "0"), "");
}

function pad(bytes: Uint8Array): DataView {
  const padded = new Uint8Array(Math.ceil((bytes.length + 9) / BLOCK_BYTES) * BLOCK_BYTES);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  // Its length in bits, the upper half and the lower.
  view.setUint32(padded.length - 8, bytes.length / 2 ** 29);
  view.setUint32(padded.length - 4, bytes.length << 3);
  return view;
}

function spread(view: DataView, offset: number): void {
  for (let i = 0; i < 16; i++) words[i] = view.getInt32(offset + i * 4);
  for (let i = 16; i < 64; i++) {
    const a = words[i - 15]!;
    const b = words[i - 2]!;
    const early = turn(a, 7) ^ turn(a, 18) ^ (a >>> 3);
    const late = turn(b, 17) ^ turn(b, 19) ^ (b >>> 10);
    words[i] = words[i - 16]! + early + words[i - 7]! + late;
  }
}

function compress(state: number[]): void {
  let [a, b, c, d, e, f, g, h] = state as EightWords;
  for (let i = 0; i < 64; i++) {
    const choice = (e & f) ^ (~e & g);
    const mixed = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25);
    const first = (h + mixed + choice + ROUND_CONSTANTS[i]! + words[i]!) | 0;
    const majority = (a & b) ^ (a & c) ^ (b & c);
    const second = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + majority;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + second) | 0];
  }
  [a, b, c, d, e, f, g, h].forEach((word, i) => state[i] = (state[i]! + word) | 0);
}

type EightWords = [number, number, number, number, number, number, number, number];

function turn(word: number, bits: number): number {
  return (word >>> bits) | (word << (32 - bits));
}

/** @returns The first 32 bits behind the point of the square (2) or cube (3) roots of primes. */
function fractionsOfRoots(count: number, degree: 2 | 3): readonly number[] {
  const fractions: number[] = [];
  for (let n = 2; fractions.length < count; n++) {
    if (!isPrime(n)) continue;
    const root = degree === 2 ? Math.sqrt(n) : Math.cbrt(n);
    fractions.push(Math.floor((root - Math.floor(root)) * 2 ** 32) | 0);
  }
  return fractions;
}

function isPrime(n: number): boolean {
  for (let divisor = 2; divisor * divisor <= n; divisor++) if (n % divisor === 0) return false;
  return true;
}
