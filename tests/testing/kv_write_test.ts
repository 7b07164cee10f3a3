import assert from "node:assert/strict";
import { COMMIT_VERSIONSTAMP, encodeKey } from "../../testing/kv_key.ts";
import { storeValue } from "../../testing/kv_value.ts";
import { computeChange, encodeChange, encodeCheck, type KvChange } from "../../testing/kv_write.ts";

function change(type: KvChange["type"], operand: unknown): KvChange {
  return encodeChange({ type, key: ["n"], operand: storeValue(operand), expireInMs: undefined });
}

const u64 = (value: bigint) => new Deno.KvU64(value);
const NOTHING = Symbol("nothing");
const NON_U64 = "mutation on a non-U64";

const RESULTS: readonly {
  readonly type: KvChange["type"];
  readonly current: unknown;
  readonly operand: unknown;
  readonly wanted: unknown;
}[] = [
  { type: "set", current: "x", operand: "y", wanted: "y" },
  { type: "sum", current: NOTHING, operand: u64(1n), wanted: u64(1n) },
  { type: "sum", current: u64(2n), operand: u64(1n), wanted: u64(3n) },
  { type: "sum", current: u64(2n ** 64n - 1n), operand: u64(2n), wanted: u64(1n) },
  { type: "min", current: u64(2n), operand: u64(1n), wanted: u64(1n) },
  { type: "min", current: u64(1n), operand: u64(2n), wanted: u64(1n) },
  { type: "max", current: u64(2n), operand: u64(1n), wanted: u64(2n) },
  { type: "max", current: u64(1n), operand: u64(2n), wanted: u64(2n) },
  { type: "sum", current: 1, operand: 2, wanted: 3 },
  { type: "sum", current: 1n, operand: 2n, wanted: 3n },
  {
    type: "sum",
    current: "x",
    operand: u64(1n),
    wanted: `Failed to perform 'sum' ${NON_U64} value in the database`,
  },
  {
    type: "min",
    current: 5n,
    operand: u64(1n),
    wanted: `Failed to perform 'min' ${NON_U64} value in the database`,
  },
  {
    type: "max",
    current: u64(1n),
    operand: 1,
    wanted: `Failed to perform 'max' ${NON_U64} operand`,
  },
  { type: "sum", current: u64(1n), operand: 1, wanted: "Cannot sum KvU64 with Number" },
];

for (const { type, current, operand, wanted } of RESULTS) {
  Deno.test(`computeChange: ${type} of ${String(operand)} on ${String(current)}`, () => {
    const stored = current === NOTHING ? undefined : storeValue(current);
    const result = computeChange(change(type, operand), stored);
    assert.deepEqual(result instanceof TypeError ? result.message : result.value, wanted);
  });
}

Deno.test("encodeChange takes the versionstamp of the commit as last part only", () => {
  const operand = storeValue(1);
  const rest = { type: "set", operand, expireInMs: 5 } as const;
  const stamped = encodeChange({ ...rest, key: ["a", COMMIT_VERSIONSTAMP] });
  assert.deepEqual([stamped.isStamped, stamped.encoded, stamped.key], [true, encodeKey(["a"]), [
    "a",
  ]]);
  assert.throws(() => encodeChange({ ...rest, key: [COMMIT_VERSIONSTAMP, "a"] }), TypeError);
});

Deno.test("encodeCheck takes 20 hex digits of either case, or null", () => {
  const digits = "00000000000000AB0000";
  assert.equal(
    encodeCheck({ key: ["a"], versionstamp: digits }).versionstamp,
    digits.toLowerCase(),
  );
  assert.equal(encodeCheck({ key: ["a"], versionstamp: null }).versionstamp, null);
  for (const versionstamp of ["", "abc", `${digits}0`]) {
    assert.throws(() => encodeCheck({ key: ["a"], versionstamp }), { message: "Invalid check" });
  }
});
