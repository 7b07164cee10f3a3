import { isProxy } from "node:util/types";
import { showValue } from "../../enums/show_value.ts";

/** How far a chain of prototypes is followed. */
const MAX_PROTOTYPES = 10;

/**
 * Lists an object and its prototypes without running any of its code: a proxy ends the list, because
 * every question to one is answered by its traps.
 *
 * @param value Anything.
 * @returns The object, its prototype, the prototype of that and so on, ten at most.
 */
export function prototypesOf(value: unknown): readonly object[] {
  const chain: object[] = [];
  let next = value;
  while (isObject(next) && !isProxy(next) && chain.length < MAX_PROTOTYPES) {
    chain.push(next);
    next = Object.getPrototypeOf(next);
  }
  return chain;
}

/**
 * Lists the names under which something goes, without running any of its code: of a function its own,
 * of other objects those of their constructors.
 *
 * @param value Anything.
 * @returns The names, the nearest first.
 */
export function namesOf(value: unknown): readonly string[] {
  const named = typeof value === "function"
    ? prototypesOf(value)
    : prototypesOf(value).map((level) => dataOf(level, "constructor"));
  return named.map(nameOf).filter((name) => name !== null);
}

/**
 * Says whether an object has a method, without running any of its code.
 *
 * @param value Anything.
 * @param method The method's name.
 * @returns Whether it, or one of its prototypes, holds a function of that name.
 */
export function hasMethod(value: unknown, method: string): boolean {
  return prototypesOf(value).some((level) => typeof dataOf(level, method) === "function");
}

/**
 * Shows in a few words what stands in the place of an engine. Never throws, and runs none of its code.
 *
 * @param value Anything.
 * @returns The words.
 */
export function showEngine(value: unknown): string {
  if (!isObject(value)) return showValue(value);
  if (isProxy(value)) return "a proxy";
  const [name] = namesOf(value);
  const thing = typeof value === "function" ? "a function" : "an object";
  if (name === undefined) return thing;
  return typeof value === "function"
    ? `${thing} called ${showValue(name)}`
    : `${thing} of ${showValue(name)}`;
}

function nameOf(named: unknown): string | null {
  if (typeof named !== "function" || isProxy(named)) return null;
  const name = dataOf(named, "name");
  return typeof name === "string" && name !== "" ? name : null;
}

/** @returns The value of a property of its own; undefined when it has none, or a getter. */
function dataOf(owner: object, key: string): unknown {
  return Object.getOwnPropertyDescriptor(owner, key)?.value;
}

function isObject(value: unknown): value is object {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}
