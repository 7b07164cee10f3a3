import type { AvailabilityStatus } from "../config/availability/availability_status.ts";
import { describeFeature } from "../config/availability/describe_availability.ts";
import {
  type AvailabilityIssue,
  findAvailabilityIssues,
} from "../config/availability/find_availability_issues.ts";
import type { FeatureStatus } from "../config/availability/feature_status.ts";
import { DEBUG_VARIABLE } from "../config/availability/override.ts";
import { displayText } from "./display_text.ts";
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
    ...findAvailabilityIssues(status).filter(isAboutEnvironment).map(({ severity, message }) =>
      `${severity}: ${displayText(message)}\n`
    ),
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
  const detail = describeFeature(status).replace(/^(?:un)?available(?:: )?/, "").trim();
  return [status.name, status.about, status.available ? "yes" : "no", detail || "-"];
}

/** The rows tell the rest. */
function isAboutEnvironment({ message }: AvailabilityIssue): boolean {
  return message.startsWith("Environment overrides") || message.startsWith(DEBUG_VARIABLE);
}
