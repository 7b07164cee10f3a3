import assert from "node:assert/strict";
import { encodeRecord } from "../../../coordination/election_records.ts";
import {
  checkContent,
  contentBytes,
  resolveWorkItem,
  RESULT_MIN_BYTES,
  type WorkItem,
} from "../../../coordination/work/work_item.ts";
import { WorkKeys } from "../../../coordination/work/work_keys.ts";
import { type Transition, WorkTransitions } from "../../../coordination/work/work_transitions.ts";
import { FakeClock } from "../../../testing/fake_clock.ts";

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
    { name: "a large payload", item: { payload: "x".repeat(59_391) }, error: /WorkRefusedError/ },
  ];
  for (const { name, item, error } of cases) {
    assert.throws(() => resolveWorkItem({ payload: 1, ...item }), error, name);
  }
  resolveWorkItem({ payload: "x".repeat(59_390) });
});

Deno.test("checkContent takes result or error besides payload and labels, at least 2 KiB of them", () => {
  const order = resolveWorkItem({ payload: "x".repeat(30_000), labels: { ab: "cd" } });
  assert.equal(contentBytes(order, "12", "345"), 30_002 + 4 + 2 + 3);
  checkContent(order, "x".repeat(31_434));
  assert.throws(() => checkContent(order, "x".repeat(31_435)), { reason: "too_large" });
  const largest = resolveWorkItem({ payload: "x".repeat(59_390) });
  checkContent(largest, "x".repeat(RESULT_MIN_BYTES));
  assert.throws(() => checkContent(largest, "x".repeat(RESULT_MIN_BYTES + 1)), {
    reason: "too_large",
  });
});

Deno.test("resolveWorkItem takes nothing that could not be failed, driven again and completed in the store", async () => {
  using kv = await Deno.openKv(":memory:");
  const longest = "€".repeat(256);
  const labels = Object.fromEntries(Array.from({ length: 99 }, (_, i) => [`€${i}`, "€"]));
  const labelBytes = 2 * Object.entries(labels).join("").replaceAll(",", "").length;
  const payload = "x".repeat(58 * 1_024 - 2 - labelBytes);
  const order = resolveWorkItem({ id: longest, payload, labels });
  assert.throws(() => resolveWorkItem({ payload: `${payload}x`, labels }), { reason: "too_large" });
  const keys = new WorkKeys("c");
  const transitions = new WorkTransitions({ keys, clock: new FakeClock(), retainMs: 5_000 });
  const fence = { key: ["term"], versionstamp: null };
  const assignment = { assignee: longest, order: { term: 1, n: 1 }, fence };
  const stored = (key: Deno.KvKey, { record }: Transition) => ({ record, key, versionstamp: "s" });
  const ready = transitions.acknowledge(order, assignment);
  const claimed = transitions.claim(stored([], ready), longest);
  const failed = transitions.fail(stored([], claimed), "€".repeat(5_000));
  const again = transitions.claim(stored([], transitions.redrive(stored([], failed))), longest);
  const renewed = transitions.renew(stored([], again), Number.MIN_VALUE);
  const completed = transitions.complete(stored([], renewed), "€".repeat(RESULT_MIN_BYTES / 2));
  for (const { record } of [ready, claimed, failed, again, renewed, completed]) {
    await kv.set(keys.item("w"), encodeRecord(record));
  }
});
