import { IssueSeverity } from "../../enums/issue_severity.ts";
import type { ConfigPath } from "../files/config_fault.ts";
import type { SchemaFault } from "../files/schema_fault.ts";
import type { LayerRunSettings } from "./layer_run_settings.ts";
import type { LayerResourceLimits, TestLayer } from "./test_layer.ts";

/** The part of a layers document that these rules read. */
interface HasLimits {
  readonly layers: Readonly<Record<string, TestLayer>>;
  readonly execution_config: Pick<
    LayerRunSettings,
    | "global_timeout_minutes"
    | "max_global_parallel_tests"
    | "max_memory_usage_mb"
    | "max_cpu_usage_percent"
  >;
}

/** What a layer may use fits into what all may, and a category's time into its layer's. */
export function layerLimitRules(document: HasLimits): readonly SchemaFault[] {
  return [
    ...Object.entries(document.layers).flatMap(([name, layer]) => [
      ...checkLimits(document, name, layer),
      ...checkCategoryTimes(name, layer),
    ]),
    ...checkTotalTime(document),
    ...checkTotalMemory(document),
  ];
}

const GLOBAL = {
  max_memory_mb: "max_memory_usage_mb",
  max_cpu_percent: "max_cpu_usage_percent",
  max_parallel_instances: "max_global_parallel_tests",
} as const;

function checkLimits(
  { execution_config }: HasLimits,
  name: string,
  { resource_limits }: TestLayer,
): readonly SchemaFault[] {
  return (Object.keys(GLOBAL) as (keyof LayerResourceLimits)[]).flatMap((limit) => {
    const most = execution_config[GLOBAL[limit]];
    const path: ConfigPath = ["layers", name, "resource_limits", limit];
    if ((resource_limits[limit] ?? 0) <= most) return [];
    return [{ path, message: "above the global limit", expected: `at most ${most}` }];
  });
}

const SECONDS_A_MINUTE = 60;

function checkCategoryTimes(name: string, layer: TestLayer): readonly SchemaFault[] {
  const mostSeconds = layer.max_duration_minutes * SECONDS_A_MINUTE;
  return layer.categories.flatMap(({ timeout_seconds }, index) =>
    timeout_seconds <= mostSeconds ? [] : [{
      path: ["layers", name, "categories", index, "timeout_seconds"],
      message: "a category may take longer than its layer",
      expected: `at most ${mostSeconds}, the layer's max_duration_minutes`,
      severity: IssueSeverity.WARNING,
    }]
  );
}

function checkTotalTime({ layers, execution_config }: HasLimits): readonly SchemaFault[] {
  const total = sum(Object.values(layers).map((layer) => layer.max_duration_minutes));
  const most = execution_config.global_timeout_minutes;
  return total <= most ? [] : [{
    path: ["execution_config", "global_timeout_minutes"],
    message: "all layers together may take longer",
    got: `${most}, and ${total} for all layers`,
    expected: `at least ${total}`,
  }];
}

function checkTotalMemory({ layers, execution_config }: HasLimits): readonly SchemaFault[] {
  const total = sum(
    Object.values(layers).map((layer) => layer.resource_limits.max_memory_mb ?? 0),
  );
  const most = execution_config.max_memory_usage_mb;
  return total <= most ? [] : [{
    path: ["execution_config", "max_memory_usage_mb"],
    message: "all layers together may use more memory",
    got: `${most}, and ${total} for all layers`,
    expected: `at least ${total}, or layers that do not run together`,
    severity: IssueSeverity.WARNING,
  }];
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
