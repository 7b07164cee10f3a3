import type { ConfigPath } from "./config_fault.ts";
import { nodeAt } from "./config_node.ts";
import type { MapNode } from "./config_node.ts";
import type { ShapeFault } from "./schema_fault.ts";
import type { FilledDocument } from "./fill_in_document.ts";

/** How YAML 1.1 spelled booleans, beyond what YAML 1.2 still does. */
const BOOLEAN_WORDS: Readonly<Record<string, boolean>> = {
  yes: true,
  on: true,
  no: false,
  off: false,
};

/**
 * Reads values again, in the light of what the schema wants, where it refused them. In place.
 *
 * - `yes`, `no`, `on`, `off` (any case) where a boolean is wanted: without quotes, or out of a
 *   variable. In quotes they are texts.
 * - A variable that looks like a number or a boolean where a text is wanted, such as a password of
 *   digits: the text as it is set.
 * - A key with nothing behind it where a map or list is wanted, as when all of its lines are
 *   commented out: as if it were not there.
 *
 * @param faults What the schema found.
 * @param root Where the values stand in the text.
 * @param document The values; changed.
 * @returns Whether anything was changed, so that it should be checked again.
 */
export function concede(
  faults: readonly ShapeFault[],
  root: MapNode,
  document: FilledDocument,
): boolean {
  let hasChanged = false;
  for (const fault of faults) {
    const reading = readAgain(fault, root, document);
    if (reading === NO_OTHER_READING) continue;
    hasChanged = put(document.value, fault.path, reading) || hasChanged;
  }
  return hasChanged;
}

const NO_OTHER_READING = Symbol("no other reading");

function readAgain(fault: ShapeFault, root: MapNode, document: FilledDocument): unknown {
  const { node } = nodeAt(root, fault.path);
  if (node?.kind !== "scalar") return NO_OTHER_READING;
  const filled = document.substituted.get(node);
  switch (fault.wanted) {
    case "boolean": {
      if (!node.isPlain && filled === undefined) return NO_OTHER_READING;
      const word = String(filled?.value ?? node.value).toLowerCase();
      return Object.hasOwn(BOOLEAN_WORDS, word) ? BOOLEAN_WORDS[word] : NO_OTHER_READING;
    }
    case "text":
      return filled?.text ?? NO_OTHER_READING;
    case "collection":
      return node.value === null ? undefined : NO_OTHER_READING;
    case undefined:
      return NO_OTHER_READING;
    default:
      return fault.wanted satisfies never;
  }
}

/** Puts a value where a path leads; undefined takes the key away. */
function put(document: Record<string, unknown>, path: ConfigPath, value: unknown): boolean {
  const key = path.at(-1);
  if (key === undefined) return false;
  let holder: unknown = document;
  for (const part of path.slice(0, -1)) holder = (holder as Record<string | number, unknown>)[part];
  const place = holder as Record<string | number, unknown>;
  if (value !== undefined) place[key] = value;
  else if (!Array.isArray(holder)) delete place[key];
  else return false;
  return true;
}
