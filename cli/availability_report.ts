import type { AvailabilityStatus } from "../config/availability/availability_status.ts";
import {
  type AvailabilityIssue,
  findAvailabilityIssues,
} from "../config/availability/find_availability_issues.ts";
import type { FeatureStatus } from "../config/availability/feature_status.ts";
import { displayText } from "../config/display_text.ts";
import { jsonDocument } from "./json_document.ts";
import { renderTable } from "./table.ts";

/** @returns The required features that are unavailable, in the order in which they were named. */
export function findMissing(
  status: AvailabilityStatus,
  required: readonly string[],
): readonly string[] {
  return required.filter((name) => status.unavailableFeatures.includes(name));
}

/** @returns What is available, for people. */
export function renderAvailability(
  status: AvailabilityStatus,
  required: readonly string[],
): string {
  const missing = findMissing(status, required);
  const lines = [
    renderTable(["FEATURE", "FOR", "AVAILABLE", "DETAIL"], status.features.map(featureRow)),
    ...findAvailabilityIssues(status).filter(({ code }) => ABOUT_ENVIRONMENT.includes(code))
      .map(({ severity, message }) => `${severity}: ${displayText(message)}\n`),
    ...missing.length === 0 ? [] : [`Required but unavailable: ${missing.join(", ")}\n`],
  ];
  return lines.join("");
}

/** @returns What is available, for programs: one JSON document. */
export function renderAvailabilityJson(
  status: AvailabilityStatus,
  required: readonly string[],
): string {
  return jsonDocument({
    ...status.toDict(),
    unreadable_overrides: status.unreadableOverrides,
    issues: findAvailabilityIssues(status),
    required_features: required,
    missing_features: findMissing(status, required),
  });
}

function featureRow(status: FeatureStatus): readonly string[] {
  return [status.name, status.about, status.available ? "yes" : "no", detailOf(status)];
}

/** Why it is unavailable, or what makes it available beyond being there. */
function detailOf({ available, reason, override, probed, variable }: FeatureStatus): string {
  if (!available) return reason ?? "-";
  if (override.kind !== "forced") return "-";
  return `by ${variable}${probed?.available === false ? `, masking: ${probed.reason}` : ""}`;
}

/** What the rows do not tell. */
const ABOUT_ENVIRONMENT: readonly AvailabilityIssue["code"][] = [
  "OVERRIDES_ACTIVE",
  "OVERRIDES_UNREADABLE",
  "DEBUG_INVALID",
];
