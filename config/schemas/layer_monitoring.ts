import { z } from "zod";
import { ProgressGranularity } from "../../enums/progress_granularity.ts";
import { ReportFormat } from "../../enums/report_format.ts";
import { text, whole } from "./common_shapes.ts";

/** How progress is followed. */
export interface ProgressTracking {
  /** Whether it is. Default true. */
  readonly enabled: boolean;
  /** How finely. Default category. */
  readonly granularity: ProgressGranularity;
  /** Whether it survives a restart. Default true. */
  readonly persist_progress: boolean;
  /** How often it is written down, in seconds, from 1 to 3,600. Default 30. */
  readonly checkpoint_interval_seconds: number;
}

/** What is written about a run when it is over. */
export interface LayerReporting {
  /** Whether each layer gets a report. Default true. */
  readonly layer_reports: boolean;
  /** Whether times are reported. Default true. */
  readonly timing_analysis: boolean;
  /** Whether the use of resources is reported. Default false. */
  readonly resource_usage_reports: boolean;
  /** Whether dependencies are reported. Default false. */
  readonly dependency_analysis: boolean;
  /** In which forms. Default json. */
  readonly report_formats: readonly ReportFormat[];
  /** Into which folder. Default "test_reports". */
  readonly report_output_dir: string;
}

/** What is watched while layers run. */
export interface LayerMonitoring {
  /** How progress is followed. */
  readonly progress_tracking: ProgressTracking;
  /** What is measured; kept as it is written. */
  readonly performance_monitoring: Readonly<Record<string, unknown>>;
  /** What is written about a run when it is over. */
  readonly reporting: LayerReporting;
}

const progress = z.strictObject({
  enabled: z.boolean().default(true).describe("Whether progress is followed"),
  granularity: z.enum(ProgressGranularity).default(ProgressGranularity.CATEGORY).describe(
    "How finely",
  ),
  persist_progress: z.boolean().default(true).describe("Whether it survives a restart"),
  checkpoint_interval_seconds: whole(1, 3_600).default(30).describe(
    "How often it is written down, in seconds",
  ),
});

const reporting = z.strictObject({
  layer_reports: z.boolean().default(true).describe("Whether each layer gets a report"),
  timing_analysis: z.boolean().default(true).describe("Whether times are reported"),
  resource_usage_reports: z.boolean().default(false).describe("Whether resources are reported"),
  dependency_analysis: z.boolean().default(false).describe("Whether dependencies are reported"),
  report_formats: z.array(z.enum(ReportFormat)).min(1).max(5).default([ReportFormat.JSON]).describe(
    "In which forms",
  ),
  report_output_dir: text().min(1).default("test_reports").describe("Into which folder"),
});

/** The shape of {@link LayerMonitoring}. */
export const monitoring = z.strictObject({
  progress_tracking: progress.prefault({}).describe("How progress is followed"),
  performance_monitoring: z.record(z.string(), z.unknown()).default({}).describe(
    "What is measured",
  ),
  reporting: reporting.prefault({}).describe("What is written about a run when it is over"),
});
