import { z } from "zod";
import { type ConfigSchema, configSchema } from "../files/config_schema.ts";
import { name } from "./common_shapes.ts";
import { layerCategoryRules } from "./layer_category_rules.ts";
import { layerGraphRules } from "./layer_graph_rules.ts";
import { layerLimitRules } from "./layer_limit_rules.ts";
import { type LayerMonitoring, monitoring } from "./layer_monitoring.ts";
import { layerReferenceRules } from "./layer_reference_rules.ts";
import { type LayerRunSettings, runSettings } from "./layer_run_settings.ts";
import { layerServiceRules } from "./layer_service_rules.ts";
import { type LayerService, services } from "./layer_services.ts";
import { standardLayersDocument } from "./standard_layers_document.ts";
import { layer, type LayerOverrides, layerOverrides, type TestLayer } from "./test_layer.ts";

/** What a layer file says about itself. */
export interface LayersMetadata {
  /** Its version, as "1.0.0". */
  readonly version: string;
  /** What it is for, in at least 10 characters. */
  readonly description: string;
  /** When it was written; null when it does not say. */
  readonly created_at: string | null;
  /** The version of its form, as "1.0". Default "1.0". */
  readonly config_schema_version: string;
}

/** What is different in an environment. */
export interface LayersEnvironment {
  /** What is different about layers, by layer. Default nothing. */
  readonly layer_overrides: Readonly<Record<string, LayerOverrides>>;
  /** By what time limits are multiplied, from 0.1 to 10. Default 1. */
  readonly timeout_multiplier: number;
  /** Whether performance tests are left out. Default false. */
  readonly skip_performance_tests: boolean;
}

/** What `test_layers.yaml` says: layers of tests, and how they run together. */
export interface TestLayersDocument {
  /** What the file says about itself. */
  readonly metadata: LayersMetadata;
  /** The layers, by key. */
  readonly layers: Readonly<Record<string, TestLayer>>;
  /** How they run together. */
  readonly execution_config: LayerRunSettings;
  /** What is different in an environment, by its name. Default nothing. */
  readonly environments: Readonly<Record<string, LayersEnvironment>>;
  /** The services that they need, by name. Default none. */
  readonly service_dependencies: Readonly<Record<string, LayerService>>;
  /** What is watched while they run. */
  readonly monitoring: LayerMonitoring;
}

const metadata = z.strictObject({
  version: z.string().max(50).regex(/^\d+\.\d+\.\d+$/, 'a version such as "1.0.0"').describe(
    "Version of the file",
  ),
  description: z.string().min(10).max(1_000).describe("What the file is for"),
  created_at: z.string().max(50).nullable().default(null).describe("When it was written"),
  config_schema_version: z.string().max(50).regex(/^\d+\.\d+$/, 'a version such as "1.0"')
    .default("1.0").describe("Version of its form"),
});

const environment = z.strictObject({
  layer_overrides: z.record(name(), layerOverrides).default({}).describe(
    "What is different about layers",
  ),
  timeout_multiplier: z.number().min(0.1).max(10).default(1).describe(
    "By what time limits are multiplied",
  ),
  skip_performance_tests: z.boolean().default(false).describe(
    "Whether performance tests are left out",
  ),
});

const layerKey = z.string().max(50).regex(/^[a-z0-9_]+$/, "small letters, digits and underscores");

const document = z.strictObject({
  metadata: metadata.describe("What the file says about itself"),
  layers: z.record(layerKey, layer).refine(
    (layers) => Object.keys(layers).length > 0,
    "no layers",
  ).describe("The layers"),
  execution_config: runSettings.describe("How they run together"),
  environments: z.record(name(), environment).default({}).describe(
    "What is different in an environment",
  ),
  service_dependencies: services.default({}).describe("The services that they need"),
  monitoring: monitoring.prefault({}).describe("What is watched while they run"),
}).describe("Layers of tests, and how they run together");

/** The schema of {@link TestLayersDocument}, with zod behind it. */
export const schema: ConfigSchema<TestLayersDocument> = configSchema<TestLayersDocument>({
  name: "test layers",
  schema: document,
  defaults: standardLayersDocument(),
  rules: [
    layerGraphRules,
    layerReferenceRules,
    layerLimitRules,
    layerCategoryRules,
    layerServiceRules,
  ],
});
