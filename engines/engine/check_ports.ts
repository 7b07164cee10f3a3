import { isObject } from "../../enums/records/field.ts";
import { showValue } from "../../enums/show_value.ts";
import { UserPermits } from "./user_permits.ts";

/** The options of an engine beside its context, which a factory has too. */
export const PART_NAMES = {
  agents: true,
  tools: true,
  events: true,
  permits: true,
  limits: true,
  allowWorkers: true,
  clock: true,
} as const;

const CLOCK_METHODS = ["now", "monotonic", "sleep", "after"] as const;

/**
 * Makes sure that what an engine works with is what it should be, before anything is done with it. What
 * is undefined was not given.
 *
 * @param ports What was given; each may be anything.
 * @throws {TypeError} when one of them is something else.
 */
export function checkPorts(
  { permits, events, clock, allowWorkers }: {
    readonly permits?: unknown;
    readonly events?: unknown;
    readonly clock?: unknown;
    readonly allowWorkers?: unknown;
  },
): void {
  if (permits !== undefined && !(permits instanceof UserPermits)) {
    throw new TypeError(`permits must be UserPermits, got ${showValue(permits)}`);
  }
  if (events !== undefined && !hasMethods(events, ["send"])) {
    throw new TypeError(`events must have a method send, got ${showValue(events)}`);
  }
  if (clock !== undefined && !hasMethods(clock, CLOCK_METHODS)) {
    throw new TypeError(`clock must have the methods of a Clock, got ${showValue(clock)}`);
  }
  if (allowWorkers !== undefined && typeof allowWorkers !== "boolean") {
    throw new TypeError(`allowWorkers must be true or false, got ${showValue(allowWorkers)}`);
  }
}

function hasMethods(value: unknown, methods: readonly string[]): boolean {
  return isObject(value) && methods.every((name) => typeof Reflect.get(value, name) === "function");
}
