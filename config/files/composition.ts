import type { ConfigNode, MapEntry, ScalarNode } from "./config_node.ts";
import { describeValue } from "./describe_value.ts";
import type { FaultList } from "./fault_list.ts";

/** How many values a document may hold, each alias counted as all that it stands for. */
export const NODES_MAX = 50_000;

/** A list or a map that begins. */
export interface Opening {
  readonly kind: "list" | "map";
  /** Offset in the text. */
  readonly at: number;
  /** Null when it has none. */
  readonly anchor: string | null;
  /** "" when it has none. */
  readonly tag: string;
}

/** A node with what an alias of it costs. */
interface Sized {
  readonly node: ConfigNode;
  /** Values in it, itself included. */
  readonly size: number;
  /** Levels of lists and maps in it, itself included. */
  readonly height: number;
}

/** Where the next value of a map goes; nowhere when something is wrong with the key. */
interface Key {
  readonly name: string;
  readonly at: number;
  readonly isRefused: boolean;
}

/** A list or a map that is open. */
interface Frame {
  readonly opening: Opening;
  readonly items: ConfigNode[];
  readonly entries: Map<string, MapEntry>;
  key: Key | null;
  size: number;
  height: number;
}

const COLLECTION_TAGS: Readonly<Record<Opening["kind"], readonly string[]>> = {
  list: ["", "!", "!!seq"],
  map: ["", "!", "!!map"],
};

/** Builds the nodes of one document from what the parser says, in order. */
export class Composition {
  readonly #faults: FaultList;
  readonly #depthMax: number;
  readonly #frames: Frame[] = [];
  /** Null while the anchored node is open: an alias inside it would hold itself. */
  readonly #anchors = new Map<string, Sized | null>();
  #root: ConfigNode | null = null;

  /** Where faults go, and how deep the document may be. */
  constructor(faults: FaultList, depthMax: number) {
    this.#faults = faults;
    this.#depthMax = depthMax;
  }

  /** The node at the root; null while there is none. */
  get root(): ConfigNode | null {
    return this.#root;
  }

  /** A scalar. */
  addScalar(node: ScalarNode, problem: string | null, anchor: string | null): void {
    if (problem !== null) {
      this.#fault(node.at, problem, describeValue(node.value), "a plain value of YAML 1.2");
    }
    const sized = { node, size: 1, height: 0 };
    if (anchor !== null) this.#anchors.set(anchor, sized);
    this.#accept(sized, node.at);
  }

  /** A list or a map begins. */
  open(opening: Opening): void {
    if (!COLLECTION_TAGS[opening.kind].includes(opening.tag)) {
      this.#fault(opening.at, `unknown tag ${opening.tag}`, opening.tag, `a ${opening.kind}`);
    }
    if (opening.anchor !== null) this.#anchors.set(opening.anchor, null);
    this.#frames.push({
      opening,
      items: [],
      entries: new Map(),
      key: null,
      size: 1,
      height: 1,
    });
  }

  /** The innermost list or map ends, or the document when none is open. */
  close(): void {
    const frame = this.#frames.pop();
    if (frame === undefined) return;
    const { opening: { kind, at, anchor }, items, entries, size, height } = frame;
    const node: ConfigNode = kind === "map" ? { kind, at, entries } : { kind, at, items };
    const sized = { node, size, height };
    if (anchor !== null) this.#anchors.set(anchor, sized);
    this.#accept(sized, at);
  }

  /** A reference to an anchored node. */
  addAlias(name: string, at: number): void {
    const target = this.#anchors.get(name);
    const problem = this.#problemOfAlias(target);
    if (problem !== null) this.#fault(at, problem, `*${name}`, "the value itself");
    const usable = problem === null ? target : null;
    this.#accept(usable ?? { node: nothingAt(at), size: 1, height: 0 }, at);
  }

  #problemOfAlias(target: Sized | null | undefined): string | null {
    if (target === undefined) return "an alias of nothing";
    if (target === null) return "an alias that holds itself";
    if (this.#frames.length + target.height > this.#depthMax) return "an alias nested too deeply";
    return null;
  }

  /** A finished node takes its place: as the root, an item, a key, or the value of one. */
  #accept({ node, size, height }: Sized, at: number): void {
    const frame = this.#frames.at(-1);
    if (frame === undefined) {
      this.#root = node;
      return;
    }
    if (frame.opening.kind === "map" && frame.key === null) {
      frame.key = this.#readKey(node, frame, at);
      return;
    }
    this.#put(node, frame);
    frame.size += size;
    frame.height = Math.max(frame.height, height + 1);
    if (frame.size <= NODES_MAX) return;
    this.#fault(at, "too many values", `more than ${NODES_MAX}`, `at most ${NODES_MAX}`);
    throw this.#faults.toError("CONFIG_SYNTAX");
  }

  #put(node: ConfigNode, frame: Frame): void {
    const { key } = frame;
    if (key === null) {
      frame.items.push(node);
      return;
    }
    frame.key = null;
    if (!key.isRefused) frame.entries.set(key.name, { keyAt: key.at, node });
  }

  #readKey(node: ConfigNode, frame: Frame, at: number): Key {
    const isText = node.kind === "scalar" && typeof node.value === "string";
    const name = isText ? String(node.value) : "";
    const [problem, expected] = problemOfKey(node, name, frame.entries.has(name)) ?? [];
    if (problem === undefined) return { name, at, isRefused: false };
    const got = node.kind === "scalar" ? describeValue(node.value) : `a ${node.kind}`;
    this.#fault(at, problem, got, expected!, isText ? [name] : []);
    return { name, at, isRefused: true };
  }

  #fault(
    at: number,
    message: string,
    got: string,
    expected: string,
    below: readonly string[] = [],
  ): void {
    const path = this.#frames.flatMap<string | number>(({ opening, key, items }) => {
      if (opening.kind === "list") return [items.length];
      return key === null ? [] : [key.name];
    });
    this.#faults.add({ at, path: [...path, ...below], message, got, expected });
  }
}

type KeyProblem = readonly [message: string, expected: string];

function problemOfKey(node: ConfigNode, name: string, isTaken: boolean): KeyProblem | null {
  if (node.kind !== "scalar") return ["a key that is no text", "a text"];
  if (typeof node.value !== "string") return ["a key that is no text", "a text: put it in quotes"];
  if (name === "<<" && node.isPlain) {
    return ["merge keys are not supported", "the keys themselves, or an alias as a value"];
  }
  if (name === "__proto__") return ["a key that is not allowed", "another name"];
  return isTaken ? ["duplicate key", "each key once"] : null;
}

function nothingAt(at: number): ScalarNode {
  return { kind: "scalar", at, value: null, isPlain: true };
}
