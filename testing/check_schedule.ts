import { checkClasses } from "./fault_class.ts";
import type { SimAction } from "./sim_action.ts";
import { checkFaults, checkMs } from "./sim_faults.ts";
import type { SimSchedule } from "./sim_schedule.ts";

const KINDS: ReadonlySet<string> = new Set(
  [
    "crash",
    "jumpWall",
    "loss",
    "outage",
    "panic",
    "partition",
    "pause",
    "restart",
    "restore",
  ] satisfies SimAction["kind"][],
);

/**
 * Checks a schedule, which may have been written by hand.
 *
 * @param schedule The schedule.
 * @throws {RangeError} when it contradicts itself: what befalls a node that it does not have, say.
 */
export function checkSchedule(schedule: SimSchedule): void {
  const { seed, nodes, classes, faults, actions, healAtMs, endAtMs } = schedule;
  if (!Number.isSafeInteger(seed)) throw new RangeError(`seed must be a whole number, got ${seed}`);
  if (nodes.length === 0) throw new RangeError("nodes must have one node at least, got none");
  checkClasses(classes);
  checkFaults(faults);
  for (const { rate, offsetMs, startAtMs = 0 } of nodes) {
    if (!(rate > 0 && Number.isFinite(offsetMs))) {
      throw new RangeError(`nodes must have clocks, got rate ${rate} and offsetMs ${offsetMs}`);
    }
    checkMs("startAtMs of a node", startAtMs);
  }
  for (const action of actions) {
    if (!KINDS.has(action.kind)) throw new RangeError(`kind of an action cannot be ${action.kind}`);
    checkMs(`atMs of a ${action.kind}`, action.atMs);
    if ("forMs" in action) checkMs(`forMs of a ${action.kind}`, action.forMs);
    if ("node" in action && nodes[action.node] === undefined) {
      throw new RangeError(
        `node of a ${action.kind} must be below ${nodes.length}, got ${action.node}`,
      );
    }
  }
  checkStore(schedule);
  checkMs("healAtMs", healAtMs);
  if (!(endAtMs >= healAtMs && endAtMs < Infinity)) {
    throw new RangeError(`endAtMs must be from healAtMs (${healAtMs}) up, got ${endAtMs}`);
  }
}

function checkStore({ client, store: { limits, watch } }: SimSchedule): void {
  const wanted = [
    ["client", client, ["local", "connect"]],
    ["store.limits", limits, ["deno", "denokv"]],
    ["store.watch", watch, ["all", "own"]],
  ] as const;
  for (const [name, value, values] of wanted) {
    if (values.some((each) => each === value)) continue;
    throw new RangeError(`${name} must be ${values.join(" or ")}, got ${value}`);
  }
}

/**
 * Reads a schedule that was written as JSON, such as a shrunk one, to run it again.
 *
 * @param text The JSON.
 * @returns The schedule.
 * @throws {SyntaxError} when it is no JSON.
 * @throws {TypeError} when it is no schedule.
 * @throws {RangeError} when the schedule contradicts itself.
 *
 * @example A schedule that was kept
 * ```ts
 * import { drawSchedule, parseSchedule } from "@baton/orchestration/testing";
 *
 * const schedule = parseSchedule(JSON.stringify(drawSchedule(7)));
 * if (schedule.seed !== 7) throw new Error("not the same");
 * ```
 */
export function parseSchedule(text: string): SimSchedule {
  const value: unknown = JSON.parse(text);
  if (!isObject(value)) throw new TypeError("A schedule must be an object");
  for (const name of ["nodes", "classes", "actions"]) {
    if (!Array.isArray(value[name])) throw new TypeError(`${name} of a schedule must be a list`);
  }
  for (const name of ["faults", "store"]) {
    if (!isObject(value[name])) throw new TypeError(`${name} of a schedule must be an object`);
  }
  const schedule = value as unknown as SimSchedule;
  checkSchedule(schedule);
  return schedule;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
