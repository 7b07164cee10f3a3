import type { EnvReader } from "../env_reader.ts";
import type { ConfigPath } from "./config_fault.ts";
import type { ConfigNode, MapNode, ScalarNode } from "./config_node.ts";
import type { FaultList } from "./fault_list.ts";
import { substitute, type Substituted } from "./substitution.ts";

/** A document as plain values, with its variables filled in. */
export interface FilledDocument {
  /** Plain maps, lists and scalars; nothing in it is shared. */
  readonly value: Record<string, unknown>;
  /** What went into the scalars that hold placeholders. */
  readonly substituted: ReadonlyMap<ScalarNode, Substituted>;
}

/** Where variables come from. */
export interface FillInOptions {
  readonly env: EnvReader;
  /** Names and prefixes beyond Baton's own. */
  readonly allowEnv: readonly string[];
}

/**
 * Turns nodes into plain values and fills in their variables.
 *
 * @param root The document.
 * @param options Where variables come from.
 * @param faults Where those go that cannot be filled in, all of them.
 * @returns The values.
 */
export function fillInDocument(
  root: MapNode,
  options: FillInOptions,
  faults: FaultList,
): FilledDocument {
  const substituted = new Map<ScalarNode, Substituted>();

  const fillScalar = (node: ScalarNode, path: ConfigPath): unknown => {
    if (typeof node.value !== "string" || !node.value.includes("${")) return node.value;
    const filled = substituted.get(node) ?? substitute(node.value, options.env, options.allowEnv);
    substituted.set(node, filled);
    for (const { message, got, expected } of filled.problems) {
      faults.add({ at: node.at, path, message, got, expected });
    }
    return filled.value;
  };

  const fillMap = (node: MapNode, path: ConfigPath): Record<string, unknown> => {
    const value: Record<string, unknown> = {};
    for (const [key, entry] of node.entries) value[key] = fill(entry.node, [...path, key]);
    return value;
  };

  const fill = (node: ConfigNode, path: ConfigPath): unknown => {
    if (node.kind === "scalar") return fillScalar(node, path);
    if (node.kind === "map") return fillMap(node, path);
    return node.items.map((item, index) => fill(item, [...path, index]));
  };

  return { value: fillMap(root, []), substituted };
}
