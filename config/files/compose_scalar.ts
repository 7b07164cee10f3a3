import {
  boolCoreTag,
  floatCoreTag,
  getScalarValue,
  intCoreTag,
  NOT_RESOLVED,
  nullCoreTag,
  SCALAR_STYLE,
  type ScalarEvent,
  type ScalarTagDefinition,
} from "js-yaml";
import type { ScalarNode } from "./config_node.ts";

/** What may be written without quotes and still not be a text, in YAML 1.2, tried in this order. */
const PLAIN_TAGS: readonly ScalarTagDefinition[] = [
  nullCoreTag,
  boolCoreTag,
  intCoreTag,
  floatCoreTag,
];

const TAGS: Readonly<Record<string, ScalarTagDefinition | "text">> = {
  "!": "text",
  "!!str": "text",
  "!!null": nullCoreTag,
  "!!bool": boolCoreTag,
  "!!int": intCoreTag,
  "!!float": floatCoreTag,
};

/** A scalar, and what is wrong with it. */
export interface ComposedScalar {
  readonly node: ScalarNode;
  /** Null when nothing is. */
  readonly problem: string | null;
}

/**
 * Reads a scalar by the core schema of YAML 1.2.
 *
 * @param text The whole text.
 * @param event What the parser says about it.
 * @param emptyAt Where to place one of which nothing is written.
 * @returns The scalar. Where something is wrong with it, its value is its text.
 */
export function composeScalar(
  text: string,
  event: ScalarEvent,
  emptyAt: number,
): ComposedScalar {
  const source = getScalarValue(text, event);
  const isPlain = event.style === SCALAR_STYLE.PLAIN;
  const at = event.valueStart < 0 ? emptyAt : startOf(text, event);
  const make = (value: ScalarNode["value"], problem: string | null = null): ComposedScalar => ({
    node: { kind: "scalar", at, value, isPlain },
    problem,
  });
  const tag = event.tagStart < 0 ? "" : text.slice(event.tagStart, event.tagEnd);
  if (tag === "") return isPlain ? checked(resolvePlain(source), source, make) : make(source);
  const definition = Object.hasOwn(TAGS, tag) ? TAGS[tag] : undefined;
  if (definition === undefined) return make(source, `unknown tag ${tag}`);
  if (definition === "text") return make(source);
  const value = definition.resolve(source, true, definition.tagName);
  if (value === NOT_RESOLVED) return make(source, `a value that is no ${tag}`);
  return checked(value as ScalarNode["value"], source, make);
}

function checked(
  value: ScalarNode["value"],
  source: string,
  make: (value: ScalarNode["value"], problem?: string | null) => ComposedScalar,
): ComposedScalar {
  if (typeof value !== "number" || Number.isFinite(value)) return make(value);
  return make(source, "a number that is not finite");
}

function resolvePlain(source: string): ScalarNode["value"] {
  for (const tag of PLAIN_TAGS) {
    const value: unknown = tag.resolve(source, false, tag.tagName);
    if (value !== NOT_RESOLVED) return value as ScalarNode["value"];
  }
  return source;
}

/** The parser names the place behind the quote. */
function startOf(text: string, event: ScalarEvent): number {
  if (event.style === SCALAR_STYLE.PLAIN) return event.valueStart;
  const before = text[event.valueStart - 1];
  return before === '"' || before === "'" ? event.valueStart - 1 : event.valueStart;
}
