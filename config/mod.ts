/**
 * What is available here, and what the configuration says.
 *
 * - Availability: {@link OrchestrationConfig} answers "is this feature available here, and if not,
 *   why?" from probes, which run once, and from overrides in the environment, which are read live.
 * - Files: {@link loadConfig} reads YAML and JSON with positions, substitutes variables, checks
 *   against a schema, and reports every fault with its line and column.
 *
 * Not guaranteed: that what was available when it was probed still is.
 *
 * @example Ask for a feature, with a reason when it is missing
 * ```ts
 * import { OrchestrationConfig, unavailable } from "@baton/orchestration/config";
 *
 * const config = new OrchestrationConfig();
 * config.register({
 *   name: "reports",
 *   about: "nightly reports",
 *   probe: () => unavailable("no printer"),
 * });
 * await config.ready();
 * if (config.available("reports")) throw new Error("unexpected");
 * if (config.getImportErrors()["reports"] !== "no printer") throw new Error("unexpected");
 * ```
 *
 * @example Parse a file's text
 * ```ts
 * import { ConfigError, parseConfig, recoverySchema } from "@baton/orchestration/config";
 *
 * const { config } = await parseConfig("poll_interval: 10", recoverySchema);
 * if (config.thresholds.failed_components !== 2) throw new Error("defaults are filled in");
 * try {
 *   await parseConfig("poll_intervall: 10", recoverySchema);
 * } catch (error) {
 *   if (!(error instanceof ConfigError)) throw error;
 *   if (error.faults[0]!.line !== 1) throw new Error("unexpected");
 * }
 * ```
 *
 * @module
 */

export {
  DuplicateFeatureError,
  NoTierError,
  NotProbedError,
  type TierShortfall,
  UnknownFeatureError,
} from "./availability/availability_errors.ts";
export type {
  AvailabilityStatus,
  AvailabilityStatusDict,
} from "./availability/availability_status.ts";
export type { Feature } from "./availability/feature.ts";
export {
  type FeatureProbe,
  type ProbeContext,
  type ProbeResult,
  unavailable,
} from "./availability/feature_probe.ts";
export type { FeatureStatus } from "./availability/feature_status.ts";
export type { AvailabilityIssue } from "./availability/find_availability_issues.ts";
export { OrchestrationConfig } from "./availability/orchestration_config.ts";
export type {
  OrchestrationConfigOptions,
  RefreshOptions,
} from "./availability/orchestration_config_options.ts";
export type { Override } from "./availability/override.ts";
export { parseEnvFlag } from "./availability/parse_env_flag.ts";
export { allOf } from "./availability/probes/all_of.ts";
export { commandProbe, type CommandProbeOptions } from "./availability/probes/command_probe.ts";
export { httpProbe, type HttpProbeOptions } from "./availability/probes/http_probe.ts";
export { importProbe, type ImportProbeOptions } from "./availability/probes/import_probe.ts";
export { kvProbe, type KvProbeOptions } from "./availability/probes/kv_probe.ts";
export { permissionProbe } from "./availability/probes/permission_probe.ts";
export { tcpProbe, type TcpProbeOptions } from "./availability/probes/tcp_probe.ts";
export {
  type SelectedTier,
  selectTier,
  type SelectTierOptions,
  type Tier,
} from "./availability/select_tier.ts";
export type { ServiceConfig } from "./availability/service_config.ts";
export {
  getOrchestrationConfig,
  getOrchestrationStatus,
  isAllOrchestrationAvailable,
  isBackgroundE2eAvailable,
  isDockerAvailable,
  isMasterOrchestrationAvailable,
  isOrchestratorAvailable,
  orchestrationConfig,
  refreshGlobalOrchestrationConfig,
  resetOrchestrationConfigForTests,
  validateGlobalOrchestrationConfig,
} from "./availability/shared_orchestration_config.ts";
export { type EnvReader, type EnvReading, fixedEnv, systemEnv } from "./env_reader.ts";
export { ConfigError, type ConfigErrorCode } from "./files/config_error.ts";
export { type ConfigFault, type ConfigPath, formatFault } from "./files/config_fault.ts";
export {
  type ConfigRule,
  type ConfigSchema,
  configSchema,
  type ConfigSchemaOptions,
  type SchemaOutcome,
} from "./files/config_schema.ts";
export { loadConfig, type LoadConfigOptions } from "./files/load_config.ts";
export { type LoadedConfig, parseConfig, type ParseConfigOptions } from "./files/parse_config.ts";
export {
  RecoveryConfig,
  type RecoveryConfigOptions,
  type ReloadResult,
} from "./files/recovery_config.ts";
export type { SchemaFault, ShapeFault } from "./files/schema_fault.ts";
export type { StandardIssue, StandardResult, StandardSchema } from "./files/standard_schema.ts";
export {
  type ConfigEvent,
  type ConfigWatch,
  watchConfig,
  type WatchConfigOptions,
} from "./files/watch_config.ts";
export { healthSchema } from "./schemas/health.ts";
export type {
  CommandComponent,
  CpuComponent,
  CustomComponent,
  DiskComponent,
  EventLoopComponent,
  HealthComponentCommon,
  HealthComponentSettings,
  HttpComponent,
  KvComponent,
  MemoryComponent,
  TcpComponent,
} from "./schemas/health_components.ts";
export type { HealthDocument } from "./schemas/health_document.ts";
export type {
  LayerMonitoring,
  LayerReporting,
  ProgressTracking,
} from "./schemas/layer_monitoring.ts";
export type { BackgroundSettings, LayerRunSettings } from "./schemas/layer_run_settings.ts";
export type { LayerService } from "./schemas/layer_services.ts";
export { recoverySchema } from "./schemas/recovery.ts";
export type { RecoveryActionSettings, RecoveryCommon } from "./schemas/recovery_common.ts";
export type {
  RecoveryDocument,
  RecoveryRedis,
  RecoveryServices,
} from "./schemas/recovery_document.ts";
export type {
  BreakerSettings,
  ExecSettings,
  FallbackSettings,
  HttpSettings,
  LogSettings,
  NotifySettings,
} from "./schemas/recovery_handler_kinds.ts";
export type { HandlerCommon, HandlerKind, HandlerSettings } from "./schemas/recovery_handlers.ts";
export { recoveryPoliciesSchema } from "./schemas/recovery_policies.ts";
export type {
  EscalationStep,
  PolicyActionSettings,
  RecoveryPoliciesDocument,
  RecoveryPolicy,
} from "./schemas/recovery_policies_document.ts";
export type {
  RecoveryAdvanced,
  RecoveryLogging,
  RecoveryThresholds,
} from "./schemas/recovery_sections.ts";
export type {
  CommandVerification,
  HttpVerification,
  TcpVerification,
  VerifierSettings,
} from "./schemas/recovery_verifiers.ts";
export type {
  CategoryFilters,
  CategoryRequirements,
  TestCategory,
} from "./schemas/test_category.ts";
export type {
  LayerLlmRequirements,
  LayerOverrides,
  LayerResourceLimits,
  LayerSuccessCriteria,
  NestedLayerSettings,
  TestLayer,
} from "./schemas/test_layer.ts";
export { testLayersSchema } from "./schemas/test_layers.ts";
export type {
  LayersEnvironment,
  LayersMetadata,
  TestLayersDocument,
} from "./schemas/test_layers_document.ts";
