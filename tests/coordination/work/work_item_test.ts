import assert from "node:assert/strict";
import {
  checkContent,
  contentBytes,
  resolveWorkItem,
  type WorkItem,
} from "../../../coordination/work/work_item.ts";

Deno.test("resolveWorkItem fills in the defaults", () => {
  const { id, ...order } = resolveWorkItem({ payload: { a: 1 } });
  assert.match(id, /^[0-9a-f-]{36}$/);
  assert.deepEqual(order, {
    payload: '{"a":1}',
    labels: {},
    priority: 0,
    maxAttempts: 5,
    claimMs: 30_000,
    progressMs: null,
    backoffMs: 1_000,
  });
});

Deno.test("resolveWorkItem refuses what is out of range or no text", () => {
  const cases: { name: string; item: Partial<WorkItem>; error: RegExp }[] = [
    { name: "an empty id", item: { id: "" }, error: /TypeError: id must be/ },
    {
      name: "half an attempt",
      item: { maxAttempts: 1.5 },
      error: /RangeError: maxAttempts .* whole/,
    },
    {
      name: "no attempt",
      item: { maxAttempts: 0 },
      error: /RangeError: maxAttempts .* from 1 to 100/,
    },
    { name: "101 attempts", item: { maxAttempts: 101 }, error: /RangeError/ },
    { name: "a short claim", item: { claimMs: 99 }, error: /RangeError: claimMs/ },
    { name: "no budget", item: { progressMs: 0 }, error: /RangeError: progressMs/ },
    { name: "negative backoff", item: { backoffMs: -1 }, error: /RangeError: backoffMs/ },
    { name: "a great priority", item: { priority: 1_001 }, error: /RangeError: priority/ },
    {
      name: "a label of a number",
      item: { labels: { a: 1 as unknown as string } },
      error: /TypeError/,
    },
    { name: "a payload that is no JSON", item: { payload: 1n }, error: /TypeError: payload/ },
    { name: "a large payload", item: { payload: "x".repeat(61_439) }, error: /WorkRefusedError/ },
  ];
  for (const { name, item, error } of cases) {
    assert.throws(() => resolveWorkItem({ payload: 1, ...item }), error, name);
  }
  resolveWorkItem({ payload: "x".repeat(61_438) });
});

Deno.test("checkContent counts payload, labels, result and error together", () => {
  const order = resolveWorkItem({ payload: "x".repeat(30_000), labels: { ab: "cd" } });
  assert.equal(contentBytes(order, "12", "345"), 30_002 + 4 + 2 + 3);
  checkContent(order, "x".repeat(31_434), null);
  assert.throws(() => checkContent(order, "x".repeat(31_434), "e"), { reason: "too_large" });
});
