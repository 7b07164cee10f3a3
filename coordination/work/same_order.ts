import type { WorkOrder } from "./work_item.ts";

/**
 * Compares what is to be done, and by whom it may be. Priority and limits are not compared: they, or
 * their defaults, may have changed before an order is repeated. Payloads are compared as JSON text:
 * the order of properties counts.
 *
 * @returns Whether both orders ask for the same.
 */
export function isSameOrder(a: WorkOrder, b: WorkOrder): boolean {
  return a.id === b.id && a.payload === b.payload && hasSameLabels(a.labels, b.labels);
}

function hasSameLabels(a: WorkOrder["labels"], b: WorkOrder["labels"]): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && a[name] === b[name]);
}
