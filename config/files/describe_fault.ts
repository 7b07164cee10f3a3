import type { ConfigNode, ScalarNode } from "./config_node.ts";
import { describeValue } from "./describe_value.ts";
import { didYouMean } from "./did_you_mean.ts";
import type { RawFault } from "./fault_list.ts";
import type { FilledDocument } from "./fill_in_document.ts";
import type { SchemaFault } from "./schema_fault.ts";
import type { Substituted } from "./substitution.ts";

/** What is said about a fault. */
export type FaultWords = Pick<RawFault, "message" | "got" | "expected" | "hint">;

/**
 * Puts a fault into words. What came out of a variable may be a secret: its name is told, and what
 * type it has, but nothing of the value.
 *
 * @param fault The fault.
 * @param node What stands at its path; null when nothing does.
 * @param document The document, with what went into it.
 * @returns The words.
 */
export function describeFault(
  fault: SchemaFault,
  node: ConfigNode | null,
  { substituted }: FilledDocument,
): FaultWords {
  const { message, expected, got, path } = fault;
  if (fault.isAboutKey) {
    const key = String(path.at(-1) ?? "");
    return { message, expected, got: got ?? JSON.stringify(key), hint: hintFor(key, fault) };
  }
  const filled = node?.kind === "scalar" ? substituted.get(node) : undefined;
  if (filled !== undefined) return describeFilled(fault, filled);
  const isTold = got !== undefined && !holdsVariable(node, substituted);
  const word = node?.kind === "scalar" ? String(node.value) : "";
  return { message, expected, got: isTold ? got : describeNode(node), hint: hintFor(word, fault) };
}

function hintFor(word: string, { known = [] }: SchemaFault): () => string {
  return () => didYouMean(word, known);
}

/** Texts as short as these stand in any sentence, and hide nothing. */
const OPEN_MAX = 2;

function describeFilled(fault: SchemaFault, { value, text, variables }: Substituted): FaultWords {
  const hide = (words: string) => text.length > OPEN_MAX ? words.replaceAll(text, "…") : words;
  const type = typeof value === "string" ? "text" : typeof value;
  const names = `the variable${variables.length > 1 ? "s" : ""} ${variables.join(", ")}`;
  return {
    message: `${hide(fault.message)}, from ${names}`,
    got: `a ${type}`,
    expected: hide(fault.expected),
  };
}

function holdsVariable(
  node: ConfigNode | null,
  substituted: ReadonlyMap<ScalarNode, Substituted>,
): boolean {
  if (node === null) return false;
  if (node.kind === "scalar") return substituted.has(node);
  const children = node.kind === "list"
    ? node.items
    : [...node.entries.values()].map((entry) => entry.node);
  return children.some((child) => holdsVariable(child, substituted));
}

function describeNode(node: ConfigNode | null): string {
  if (node === null) return "nothing";
  if (node.kind === "map") return "a map";
  return node.kind === "list" ? `a list of ${node.items.length}` : describeValue(node.value);
}
