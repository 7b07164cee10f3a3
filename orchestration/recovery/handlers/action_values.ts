import type { ActionContext } from "../action_handler.ts";

/** What a placeholder of a message can name, and what then stands there. */
const VALUES: Readonly<Record<string, (context: ActionContext) => unknown>> = {
  action: ({ action }) => action,
  reason: ({ reason }) => reason,
  attempt: ({ attempt }) => attempt,
  fence: ({ fence }) => fence,
  execution_id: ({ executionId }) => executionId,
  "cause.type": ({ cause }) => cause.type,
  "cause.trigger": ({ cause }) => cause.trigger,
  severity: ({ cause }) => cause.severity,
  confidence: ({ cause }) => cause.confidence,
  recurrence_count: ({ cause }) => cause.recurrenceCount,
  duration: ({ cause }) => cause.durationSeconds,
};

/** Names of what may be anything: they are followed by the keys that lead to a value. */
const MAPS: Readonly<Record<string, (context: ActionContext) => unknown>> = {
  params: ({ params }) => params,
  metadata: ({ cause }) => cause.metadata,
};

const IN_MAP = /^(?:params|metadata)(?:\.[A-Za-z0-9_-]+){1,8}$/;

/** What placeholders can name, in words. */
export const VALUE_NAMES: string = [
  ...Object.keys(VALUES),
  ...Object.keys(MAPS).map((name) => `${name}.NAME`),
].join(", ");

/** @returns Whether a placeholder can have that name. */
export function isValueName(name: string): boolean {
  return Object.hasOwn(VALUES, name) || IN_MAP.test(name);
}

/** @returns What stands where a placeholder of that name is; undefined for nothing. */
export function valueOf(name: string, context: ActionContext): unknown {
  const plain = Object.hasOwn(VALUES, name) ? VALUES[name] : undefined;
  if (plain !== undefined) return plain(context);
  const [map = "", ...keys] = name.split(".");
  let value: unknown = MAPS[map]?.(context);
  for (const key of keys) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}
