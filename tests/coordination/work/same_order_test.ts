import assert from "node:assert/strict";
import { isSameOrder } from "../../../coordination/work/same_order.ts";
import { resolveWorkItem } from "../../../coordination/work/work_item.ts";

const item = { id: "w", payload: { a: 1, b: 2 }, labels: { zone: "eu", disk: "ssd" } };
const order = resolveWorkItem(item);

Deno.test("isSameOrder compares id, payload and labels, and no limits: their defaults may change", () => {
  const cases: { name: string; other: Record<string, unknown>; isSame: boolean }[] = [
    { name: "the same", other: {}, isSame: true },
    {
      name: "labels in another order",
      other: { labels: { disk: "ssd", zone: "eu" } },
      isSame: true,
    },
    { name: "id", other: { id: "x" }, isSame: false },
    { name: "payload", other: { payload: { a: 1, b: 3 } }, isSame: false },
    { name: "properties in another order", other: { payload: { b: 2, a: 1 } }, isSame: false },
    { name: "a label less", other: { labels: { zone: "eu" } }, isSame: false },
    { name: "another label", other: { labels: { zone: "eu", kind: "ssd" } }, isSame: false },
    { name: "inherited names", other: { labels: { zone: "eu", toString: "x" } }, isSame: false },
    { name: "priority", other: { priority: 1 }, isSame: true },
    { name: "maxAttempts", other: { maxAttempts: 1 }, isSame: true },
    { name: "claimMs", other: { claimMs: 100 }, isSame: true },
    { name: "progressMs", other: { progressMs: 100 }, isSame: true },
    { name: "backoffMs", other: { backoffMs: 0 }, isSame: true },
  ];
  for (const { name, other, isSame } of cases) {
    assert.equal(isSameOrder(order, resolveWorkItem({ ...item, ...other })), isSame, name);
    assert.equal(isSameOrder(resolveWorkItem({ ...item, ...other }), order), isSame, name);
  }
});
