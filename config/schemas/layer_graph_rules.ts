import type { ConfigPath } from "../files/config_fault.ts";
import type { SchemaFault } from "../files/schema_fault.ts";
import { findCycles } from "./find_cycles.ts";
import type { TestLayer } from "./test_layer.ts";

/** The part of a layers document that these rules read. */
interface HasLayers {
  readonly layers: Readonly<Record<string, TestLayer>>;
}

/** Which layer comes before which: they must exist, not need each other, and stand in that order. */
export function layerGraphRules({ layers }: HasLayers): readonly SchemaFault[] {
  const known = Object.keys(layers);
  return [
    ...Object.entries(layers).flatMap(([name, layer]) => [
      ...checkNames(layers, name, "dependencies", known),
      ...checkNames(layers, name, "conflicts", known),
      ...checkOrder(layers, name, layer),
    ]),
    ...checkCycles(layers),
    ...checkPlaces(layers),
  ];
}

type Layers = HasLayers["layers"];

const TOLD = {
  dependencies: { itself: "a layer that depends on itself", unknown: "an unknown dependency" },
  conflicts: { itself: "a layer that conflicts with itself", unknown: "a conflict with no layer" },
} as const;

function checkNames(
  layers: Layers,
  name: string,
  list: keyof typeof TOLD,
  known: readonly string[],
): readonly SchemaFault[] {
  const named = layers[name]![list];
  const problemOf = (other: string, index: number): string | undefined => {
    if (other === name) return TOLD[list].itself;
    if (!Object.hasOwn(layers, other)) return TOLD[list].unknown;
    return named.indexOf(other) < index ? "named twice" : undefined;
  };
  return named.flatMap((other, index) => {
    const message = problemOf(other, index);
    if (message === undefined) return [];
    const path: ConfigPath = ["layers", name, list, index];
    const fault = { path, message, expected: "another layer, once" };
    return [message === TOLD[list].unknown ? { ...fault, known } : fault];
  });
}

function checkOrder(layers: Layers, name: string, layer: TestLayer): readonly SchemaFault[] {
  return layer.dependencies.flatMap((other, index) => {
    const before = Object.hasOwn(layers, other) ? layers[other] : undefined;
    const isInOrder = before === undefined || other === name ||
      before.execution_order < layer.execution_order;
    return isInOrder ? [] : [{
      path: ["layers", name, "dependencies", index],
      message: "execution_order is against this dependency",
      expected: "a layer with a lower execution_order",
    }];
  });
}

function checkCycles(layers: Layers): readonly SchemaFault[] {
  const needs = new Map(
    Object.entries(layers).map(([name, { dependencies }]) => [name, dependencies]),
  );
  return findCycles(needs).map((cycle) => ({
    path: ["layers", cycle[0]!, "dependencies"],
    message: "layers that depend on each other",
    got: [...cycle, cycle[0]].join(" -> "),
    expected: "no circle",
  }));
}

function checkPlaces(layers: Layers): readonly SchemaFault[] {
  const taken = new Map<number, string>();
  return Object.entries(layers).flatMap(([name, { execution_order }]) => {
    const other = taken.get(execution_order);
    if (other === undefined) taken.set(execution_order, name);
    return other === undefined ? [] : [{
      path: ["layers", name, "execution_order"],
      message: `the same place as ${other}`,
      expected: "a place of its own",
    }];
  });
}
