import { IssueSeverity } from "../../enums/issue_severity.ts";
import type { ConfigPath } from "../files/config_fault.ts";
import type { SchemaFault } from "../files/schema_fault.ts";
import type { LayerRunSettings } from "./layer_run_settings.ts";
import type { TestLayer } from "./test_layer.ts";

/** The part of a layers document that these rules read. */
interface NamesLayers {
  readonly layers: Readonly<Record<string, TestLayer>>;
  readonly execution_config: Pick<LayerRunSettings, "fail_fast_strategy" | "background_execution">;
  readonly environments: Readonly<
    Record<string, { readonly layer_overrides: Readonly<Record<string, unknown>> }>
  >;
  readonly service_dependencies: Readonly<
    Record<string, { readonly required_for_layers: readonly string[] }>
  >;
}

/** Whoever names a layer names one that exists, and the background agrees with itself. */
export function layerReferenceRules(document: NamesLayers): readonly SchemaFault[] {
  return [...checkReferences(document), ...checkBackground(document)];
}

function checkReferences(document: NamesLayers): readonly SchemaFault[] {
  const known = Object.keys(document.layers);
  const check = (path: ConfigPath, name: string, message: string, isAboutKey = false) =>
    Object.hasOwn(document.layers, name) ? [] : [{
      path,
      message,
      known,
      expected: "a layer of this file",
      isAboutKey,
    }];
  const { fail_fast_strategy, background_execution } = document.execution_config;
  return [
    ...Object.keys(fail_fast_strategy).flatMap((name) =>
      check(["execution_config", "fail_fast_strategy", name], name, "a strategy of no layer", true)
    ),
    ...background_execution.background_layers.flatMap((name, index) =>
      check([...BACKGROUND_LAYERS, index], name, "an unknown layer in the background")
    ),
    ...Object.entries(document.environments).flatMap(([environment, { layer_overrides }]) =>
      Object.keys(layer_overrides).flatMap((name) =>
        check(
          ["environments", environment, "layer_overrides", name],
          name,
          "overrides of no layer",
          true,
        )
      )
    ),
    ...Object.entries(document.service_dependencies).flatMap(([service, { required_for_layers }]) =>
      required_for_layers.flatMap((name, index) =>
        check(
          ["service_dependencies", service, "required_for_layers", index],
          name,
          "a service for no layer",
        )
      )
    ),
  ];
}

const BACKGROUND: ConfigPath = ["execution_config", "background_execution"];
const BACKGROUND_LAYERS: ConfigPath = [...BACKGROUND, "background_layers"];

function checkBackground({ layers, execution_config }: NamesLayers): readonly SchemaFault[] {
  const { enabled, background_layers, max_background_layers } =
    execution_config.background_execution;
  const severity = IssueSeverity.WARNING;
  const disagreeing = background_layers.flatMap((name, index) => {
    const isForeground = Object.hasOwn(layers, name) && !layers[name]!.background_execution;
    return !isForeground ? [] : [{
      path: [...BACKGROUND_LAYERS, index],
      message: "a layer in the background whose background_execution is off",
      expected: "both or neither",
      severity,
    }];
  });
  const own = Object.keys(layers).filter((name) => layers[name]!.background_execution);
  const count = new Set([...background_layers, ...own]).size;
  const hasNoRoom = count > 0 && (!enabled || max_background_layers === 0);
  return !hasNoRoom ? disagreeing : [...disagreeing, {
    path: BACKGROUND,
    message: "layers in the background, where none may run",
    got: `${count}`,
    expected: "none, or enabled with max_background_layers above 0",
    severity,
  }];
}
