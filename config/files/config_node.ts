import type { ConfigPath } from "./config_fault.ts";

/** A place in a document: a value with where it stands in the text. */
export type ConfigNode = ScalarNode | ListNode | MapNode;

/** A value that holds no others. */
export interface ScalarNode {
  readonly kind: "scalar";
  /** Offset in the text. */
  readonly at: number;
  /** What it means. */
  readonly value: string | number | boolean | null;
  /** Whether it is written without quotes. */
  readonly isPlain: boolean;
}

/** A list. */
export interface ListNode {
  readonly kind: "list";
  /** Offset in the text. */
  readonly at: number;
  readonly items: readonly ConfigNode[];
}

/** A map. */
export interface MapNode {
  readonly kind: "map";
  /** Offset in the text. */
  readonly at: number;
  readonly entries: ReadonlyMap<string, MapEntry>;
}

/** A key of a map with its value. */
export interface MapEntry {
  /** Offset of the key in the text. */
  readonly keyAt: number;
  readonly node: ConfigNode;
}

/** What a path leads to. */
export interface PlaceOnPath {
  /** The node; null when the path goes beyond the document. */
  readonly node: ConfigNode | null;
  /** Offset of the key that leads to it, or to the last node there is; null at the root or in a list. */
  readonly keyAt: number | null;
  /** The last node on the path that exists. */
  readonly nearest: ConfigNode;
}

/**
 * Finds a place in a document.
 *
 * @param root The document.
 * @param path Keys and indexes.
 * @returns What is there, or the nearest there is.
 */
export function nodeAt(root: ConfigNode, path: ConfigPath): PlaceOnPath {
  let nearest = root;
  let keyAt: number | null = null;
  for (const part of path) {
    const entry: MapEntry | undefined = childOf(nearest, part);
    if (entry === undefined) return { node: null, keyAt, nearest };
    keyAt = nearest.kind === "map" ? entry.keyAt : null;
    nearest = entry.node;
  }
  return { node: nearest, keyAt, nearest };
}

function childOf(node: ConfigNode, part: string | number): MapEntry | undefined {
  if (node.kind === "map") return node.entries.get(String(part));
  if (node.kind !== "list" || typeof part !== "number") return undefined;
  const item = node.items[part];
  return item === undefined ? undefined : { keyAt: item.at, node: item };
}
