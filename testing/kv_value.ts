import { serialize } from "node:v8";

/** A value as a store keeps it: a copy that nobody else holds. */
export interface StoredValue {
  /** How it is copied when it is read. */
  readonly form: "plain" | "tree" | "clone" | "bytes" | "u64";
  /** The value. */
  readonly value: unknown;
  /** How many bytes it takes at most. */
  readonly sizeMax: number;
}

const U64_SIZE = 8;
/** More than any value without parts takes, apart from strings and bigints. */
const PART_SIZE_MAX = 16;
const DEPTH_MAX = 40;

/** Something that only the runtime's own cloning does right. */
const NOT_A_TREE = Symbol("not a tree");

interface TreeWalk {
  /** Objects seen so far: one that is seen twice makes a graph of the tree. */
  seen: Set<object> | undefined;
  sizeMax: number;
}

/**
 * Copies a value for keeping, as the structured clone algorithm does.
 *
 * @param value The value.
 * @returns The copy.
 * @throws {TypeError} when it cannot be copied, such as a function.
 */
export function storeValue(value: unknown): StoredValue {
  if (typeof value !== "object" || value === null) return storePrimitive(value);
  if (value instanceof Deno.KvU64) return { form: "u64", value, sizeMax: U64_SIZE };
  if (value instanceof Uint8Array) {
    return { form: "bytes", value: new Uint8Array(value), sizeMax: value.length };
  }
  const walk: TreeWalk = { seen: undefined, sizeMax: 0 };
  const tree = storeTree(value, walk, 0);
  if (tree !== NOT_A_TREE) return { form: "tree", value: tree, sizeMax: walk.sizeMax };
  const clone = cloneOrThrow(value);
  return { form: "clone", value: clone, sizeMax: serialize(clone).length };
}

/**
 * Reads a kept value.
 *
 * @param stored The kept value.
 * @returns A copy that the reader may change.
 */
export function readValue({ form, value }: StoredValue): unknown {
  switch (form) {
    case "plain":
    case "u64":
      return value;
    case "tree":
      return copyTree(value as object);
    case "bytes":
      return (value as Uint8Array).slice();
    case "clone":
      return structuredClone(value);
    default: {
      const impossible: never = form;
      throw new Error(`Cannot read a value of form ${impossible}`);
    }
  }
}

/**
 * Measures a kept value.
 *
 * @param stored The kept value.
 * @returns Its size in bytes, as Deno KV counts it against its limits.
 */
export function measureValue({ form, value, sizeMax }: StoredValue): number {
  return form === "bytes" || form === "u64" ? sizeMax : serialize(value).length;
}

function storePrimitive(value: unknown): StoredValue {
  switch (typeof value) {
    case "string":
      return { form: "plain", value, sizeMax: sizeOfString(value) };
    case "bigint":
      return { form: "plain", value, sizeMax: sizeOfBigint(value) };
    case "symbol":
    case "function":
      return { form: "plain", value: cloneOrThrow(value), sizeMax: 0 };
    default:
      return { form: "plain", value, sizeMax: PART_SIZE_MAX };
  }
}

function cloneOrThrow(value: unknown): unknown {
  try {
    return structuredClone(value);
  } catch (error) {
    throw new TypeError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function storeTree(node: object, walk: TreeWalk, depth: number): unknown {
  if (depth > DEPTH_MAX) return NOT_A_TREE;
  if (depth > 0) {
    walk.seen ??= new Set();
    if (walk.seen.has(node)) return NOT_A_TREE;
    walk.seen.add(node);
  }
  walk.sizeMax += PART_SIZE_MAX;
  if (Array.isArray(node)) return storeArray(node, walk, depth);
  const prototype = Object.getPrototypeOf(node);
  if (prototype !== Object.prototype && prototype !== null) return NOT_A_TREE;
  const copy: Record<string, unknown> = {};
  const source = node as Record<string, unknown>;
  for (const key of Object.keys(source)) {
    if (key === "__proto__") return NOT_A_TREE;
    walk.sizeMax += sizeOfString(key);
    const part = storePart(source[key], walk, depth);
    if (part === NOT_A_TREE) return NOT_A_TREE;
    copy[key] = part;
  }
  return copy;
}

function storeArray(node: readonly unknown[], walk: TreeWalk, depth: number): unknown {
  if (Object.keys(node).length !== node.length) return NOT_A_TREE;
  const copy: unknown[] = [];
  for (const element of node) {
    const part = storePart(element, walk, depth);
    if (part === NOT_A_TREE) return NOT_A_TREE;
    copy.push(part);
  }
  return copy;
}

function storePart(value: unknown, walk: TreeWalk, depth: number): unknown {
  switch (typeof value) {
    case "string":
      walk.sizeMax += sizeOfString(value);
      return value;
    case "bigint":
      walk.sizeMax += sizeOfBigint(value);
      return value;
    case "object":
      if (value !== null) return storeTree(value, walk, depth + 1);
      break;
    case "function":
    case "symbol":
      return NOT_A_TREE;
    default:
  }
  walk.sizeMax += PART_SIZE_MAX;
  return value;
}

function copyTree(node: object): object {
  if (Array.isArray(node)) return node.map(copyPart);
  const copy: Record<string, unknown> = {};
  const source = node as Record<string, unknown>;
  for (const key in source) copy[key] = copyPart(source[key]);
  return copy;
}

function copyPart(value: unknown): unknown {
  return typeof value === "object" && value !== null ? copyTree(value) : value;
}

function sizeOfString(text: string): number {
  return 2 * text.length + PART_SIZE_MAX;
}

function sizeOfBigint(value: bigint): number {
  return value.toString(16).length + PART_SIZE_MAX;
}
