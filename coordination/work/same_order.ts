import type { WorkOrder } from "./work_item.ts";

/**
 * Compares what was asked for. Payloads are compared as JSON text: the order of properties counts.
 *
 * @returns Whether both orders ask for the same.
 */
export function isSameOrder(a: WorkOrder, b: WorkOrder): boolean {
  return a.id === b.id && a.payload === b.payload && a.priority === b.priority &&
    a.maxAttempts === b.maxAttempts && a.claimMs === b.claimMs && a.progressMs === b.progressMs &&
    a.backoffMs === b.backoffMs && hasSameLabels(a.labels, b.labels);
}

function hasSameLabels(a: WorkOrder["labels"], b: WorkOrder["labels"]): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && a[name] === b[name]);
}
