import assert from "node:assert/strict";
import { COMMIT_VERSIONSTAMP, copyKey, encodeKey } from "../../testing/kv_key.ts";

const ENCODINGS: readonly {
  readonly name: string;
  readonly key: Deno.KvKey;
  readonly hex: string;
}[] = [
  { name: "an empty key", key: [], hex: "" },
  { name: "a string", key: ["ab"], hex: "02616200" },
  { name: "a string with a zero", key: ["a\0b"], hex: "026100ff6200" },
  { name: "a string beyond ASCII", key: ["é"], hex: "02c3a900" },
  { name: "bytes with a zero", key: [new Uint8Array([0, 1])], hex: "0100ff0100" },
  { name: "zero", key: [0], hex: "218000000000000000" },
  { name: "one", key: [1], hex: "21bff0000000000000" },
  { name: "minus one", key: [-1], hex: "21400fffffffffffff" },
  { name: "a bigint zero", key: [0n], hex: "14" },
  { name: "a bigint", key: [256n], hex: "160100" },
  { name: "a negative bigint", key: [-256n], hex: "12feff" },
  { name: "a bigint of nine bytes", key: [2n ** 64n], hex: "1d09010000000000000000" },
  { name: "a negative bigint of nine bytes", key: [-(2n ** 64n)], hex: "0bf6feffffffffffffffff" },
  { name: "booleans", key: [false, true], hex: "2627" },
  { name: "several parts", key: ["a", 1n], hex: "0261001501" },
];

for (const { name, key, hex } of ENCODINGS) {
  Deno.test(`encodeKey encodes ${name} as FoundationDB's tuples do`, () => {
    const bytes = Uint8Array.from(encodeKey(key), (byte) => byte.charCodeAt(0));
    assert.equal(bytes.toHex(), hex);
  });
}

Deno.test("encodeKey refuses what is no part of a key", () => {
  for (const part of [null, undefined, {}, COMMIT_VERSIONSTAMP]) {
    assert.throws(() => encodeKey([part] as unknown as Deno.KvKey), {
      name: "TypeError",
      message: "expected string, number, bigint, ArrayBufferView, boolean",
    });
  }
});

Deno.test("copyKey shares nothing, and gives what reading would", () => {
  const bytes = new Uint8Array([1]);
  const key = ["a\ud800", bytes, 1];
  const copy = copyKey(key);
  bytes[0] = 2;
  assert.deepEqual(copy, ["a\ufffd", new Uint8Array([1]), 1]);
});
