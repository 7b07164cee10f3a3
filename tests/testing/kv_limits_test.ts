import assert from "node:assert/strict";
import { encodeKey } from "../../testing/kv_key.ts";
import {
  checkArrivedWrite,
  checkBatchSize,
  checkReadCount,
  checkReadKey,
  checkWatchCount,
  checkWriteCount,
  checkWriteSize,
} from "../../testing/kv_limits.ts";
import { storeValue } from "../../testing/kv_value.ts";
import type { KvWrite } from "../../testing/kv_write.ts";

const BORDERS: readonly {
  readonly name: string;
  readonly check: (count: number) => void;
  readonly most: number;
  readonly message: string;
}[] = [
  { name: "keys read", check: checkReadCount, most: 10, message: "Too many ranges (max 10)" },
  { name: "keys watched", check: checkWatchCount, most: 10, message: "Too many keys (max 10)" },
  {
    name: "entries of a batch",
    check: checkBatchSize,
    most: 1_000,
    message: "Too many entries (max 1000)",
  },
  {
    name: "bytes of a read key",
    check: checkReadKey,
    most: 2_049,
    message: "Key too large for read (max 2049 bytes)",
  },
  {
    name: "checks",
    check: (n) => checkWriteCount(n, 0),
    most: 100,
    message: "Too many checks (max 100)",
  },
  {
    name: "changes",
    check: (n) => checkWriteCount(0, n),
    most: 1_000,
    message: "Too many mutations (max 1000)",
  },
  {
    name: "checks of denokv",
    check: (n) => checkArrivedWrite(checks(n), "denokv"),
    most: 10,
    message: "Too many checks included in atomic write.",
  },
  {
    name: "bytes of a written key",
    check: (n) => checkWriteSize(set(n, 1)),
    most: 2_048,
    message: "Key too large for write (max 2048 bytes)",
  },
  {
    name: "bytes of a value",
    check: (n) => checkWriteSize(set(9, n)),
    most: 65_536,
    message: "Value too large (max 65536 bytes)",
  },
];

function checks(count: number): KvWrite {
  const check = { encoded: "\x02k\0", versionstamp: null };
  return { checks: Array.from({ length: count }, () => check), changes: [] };
}

function set(keyBytes: number, valueBytes: number): KvWrite {
  const key = ["k".repeat(keyBytes - 2)];
  const operand = storeValue(new Uint8Array(valueBytes));
  const rest = { type: "set", isStamped: false, expireInMs: undefined } as const;
  return { checks: [], changes: [{ ...rest, key, encoded: encodeKey(key), operand }] };
}

for (const { name, check, most, message } of BORDERS) {
  Deno.test(`limits let ${most} ${name} pass and refuse one more`, () => {
    check(most);
    assert.throws(() => check(most + 1), { name: "TypeError", message });
  });
}

Deno.test("limits of deno let eleven checks arrive", () => {
  checkArrivedWrite(checks(100), "deno");
});

Deno.test("checkWriteSize counts keys of values twice, as Deno does", () => {
  const one = set(1_000, 9_000).changes[0]!;
  const write = (count: number) => ({
    checks: [],
    changes: Array.from({ length: count }, () => one),
  });
  checkWriteSize(write(74));
  assert.throws(() => checkWriteSize(write(75)), {
    message: "Total mutation size too large (max 819200 bytes)",
  });
  assert.throws(
    () =>
      checkWriteSize({
        checks: [],
        changes: Array.from({ length: 82 }, () => set(1_000, 1).changes[0]!),
      }),
    {
      message: "Total key size too large (max 81920 bytes)",
    },
  );
});
