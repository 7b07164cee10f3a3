import { checkClasses } from "./fault_class.ts";
import type { SimAction } from "./sim_action.ts";
import { checkFaults, checkMs } from "./sim_faults.ts";
import type { SimSchedule } from "./sim_schedule.ts";

/** What each kind of action needs beside its time: a node, a duration, or one of some values. */
const FIELDS: Readonly<Record<SimAction["kind"], Readonly<Record<string, Wanted>>>> = {
  crash: { node: "node", forMs: "ms" },
  jumpWall: { node: "node", byMs: "number" },
  loss: { node: "node" },
  outage: { forMs: "ms" },
  panic: { node: "node", forMs: "ms" },
  partition: { node: "node", forMs: "ms", cut: ["requests", "replies", "both"] },
  pause: { node: "node", forMs: "ms", monotonic: [true, false] },
  restart: { node: "node", forMs: "ms", variant: "number" },
  restore: { agoMs: "ms" },
};

type Wanted = "node" | "ms" | "number" | readonly unknown[];

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
  for (const action of actions) checkAction(action, nodes.length);
  checkStore(schedule);
  checkMs("healAtMs", healAtMs);
  if (!(endAtMs >= healAtMs && endAtMs < Infinity)) {
    throw new RangeError(`endAtMs must be from healAtMs (${healAtMs}) up, got ${endAtMs}`);
  }
}

function checkAction(action: SimSchedule["actions"][number], nodes: number): void {
  const { kind, atMs } = action;
  if (!Object.hasOwn(FIELDS, kind)) throw new RangeError(`kind of an action cannot be ${kind}`);
  checkMs(`atMs of a ${kind}`, atMs);
  for (const [name, wanted] of Object.entries(FIELDS[kind])) {
    const value: unknown = Reflect.get(action, name);
    const called = `${name} of a ${kind}`;
    if (wanted === "ms") checkMs(called, value);
    else if (typeof wanted === "object") checkOneOf(called, value, wanted);
    else if (!Number.isFinite(value)) {
      throw new RangeError(`${called} must be a number, got ${value}`);
    } else if (
      wanted === "node" && !(Number.isInteger(value) && Number(value) >= 0 && Number(value) < nodes)
    ) {
      throw new RangeError(`${called} must be below ${nodes}, got ${value}`);
    }
  }
}

function checkStore({ client, store }: SimSchedule): void {
  checkOneOf("client", client, ["local", "connect"]);
  checkOneOf("store.limits", store.limits, ["deno", "denokv"]);
  checkOneOf("store.watch", store.watch, ["all", "own"]);
  checkOneOf("store.versionGaps", store.versionGaps, [true, false]);
  checkMs("store.expiryLateMaxMs", store.expiryLateMaxMs);
  checkMs("store.staleMaxMs", store.staleMaxMs);
  if (!(Number.isInteger(store.listBatchMax) && store.listBatchMax > 0)) {
    throw new RangeError(`store.listBatchMax must be a whole number, got ${store.listBatchMax}`);
  }
}

function checkOneOf(name: string, value: unknown, values: readonly unknown[]): void {
  if (!values.includes(value)) {
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
  for (const name of ["nodes", "actions"]) {
    if ((value[name] as unknown[]).every(isObject)) continue;
    throw new TypeError(`${name} of a schedule must be objects`);
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
