import type { ConfigPath } from "../files/config_fault.ts";
import type { SchemaFault } from "../files/schema_fault.ts";
import { didYouMean } from "../files/did_you_mean.ts";
import { findCycles } from "./find_cycles.ts";
import type { TestLayer } from "./test_layer.ts";

/** The part of a layers document that these rules read. */
interface HasLayers {
  readonly layers: Readonly<Record<string, TestLayer>>;
}

/** Which layer comes before which: they must exist, not need each other, and stand in that order. */
export function layerGraphRules({ layers }: HasLayers): readonly SchemaFault[] {
  return [
    ...Object.entries(layers).flatMap(([name, layer]) => [
      ...checkNames(layers, name, "dependencies"),
      ...checkNames(layers, name, "conflicts"),
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
): readonly SchemaFault[] {
  const named = layers[name]![list];
  const others = Object.keys(layers).filter((other) => other !== name);
  const problemOf = (other: string, index: number): string | undefined => {
    if (other === name) return TOLD[list].itself;
    if (!others.includes(other)) return TOLD[list].unknown + didYouMean(other, others);
    return named.indexOf(other) < index ? "named twice" : undefined;
  };
  return named.flatMap((other, index) => {
    const message = problemOf(other, index);
    const path: ConfigPath = ["layers", name, list, index];
    return message === undefined ? [] : [{ path, message, expected: "another layer, once" }];
  });
}

function checkOrder(layers: Layers, name: string, layer: TestLayer): readonly SchemaFault[] {
  return layer.dependencies.flatMap((other, index) => {
    const before = Object.hasOwn(layers, other) ? layers[other] : undefined;
    const isInOrder = before === undefined || other === name ||
      before.execution_order < layer.execution_order;
    if (isInOrder) return [];
    return [{
      path: ["layers", name, "dependencies", index],
      message: `execution_order is against this dependency`,
      got: `${layer.execution_order}, and ${before.execution_order} for ${other}`,
      expected: `${other} to come first`,
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
