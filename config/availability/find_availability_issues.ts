import { IssueSeverity } from "../../enums/issue_severity.ts";
import { type AvailabilityStatus, ORCHESTRATION_FEATURES } from "./availability_status.ts";
import { describeInvalid } from "./feature_status.ts";
import { DEBUG_VARIABLE, ENV_FLAG } from "./override.ts";

/** Something about availability that its owner should know. */
export interface AvailabilityIssue {
  /** How bad it is. */
  readonly severity: IssueSeverity;
  /** Which of them it is, for programs. */
  readonly code:
    | "FEATURES_MISSING"
    | "FEATURE_UNAVAILABLE"
    | "OVERRIDES_ACTIVE"
    | "OVERRIDE_INVALID"
    | "DEBUG_INVALID"
    | "OVERRIDES_UNREADABLE";
  /** What it is, in a sentence without its full stop. */
  readonly message: string;
}

/**
 * Finds what is wrong or worth knowing. In this order: how many of the three orchestration features
 * are available, unless all are (an error for none, else a warning); why each unavailable feature is
 * so (warnings); the overrides that are set (information); overrides that are no boolean (errors);
 * an `ORCHESTRATION_DEBUG` that is none and counts as off (a warning); overrides that may not be
 * read (information).
 *
 * @param status What is available.
 * @returns The issues; none when everything is available and nothing is overridden.
 */
export function findAvailabilityIssues(status: AvailabilityStatus): readonly AvailabilityIssue[] {
  return [
    ...countFeatures(status),
    ...Object.entries(status.importErrors).map(([feature, reason]) =>
      issue("FEATURE_UNAVAILABLE", IssueSeverity.WARNING, `Import error for ${feature}: ${reason}`)
    ),
    ...findOverrides(status),
  ];
}

function countFeatures(status: AvailabilityStatus): readonly AvailabilityIssue[] {
  const available = status.availableFeatures.filter((name) =>
    ORCHESTRATION_FEATURES.includes(name)
  );
  if (available.length === ORCHESTRATION_FEATURES.length) return [];
  if (available.length === 0) {
    const message = "No orchestration features are available - all imports failed";
    return [issue("FEATURES_MISSING", IssueSeverity.ERROR, message)];
  }
  const share = `${available.length}/${ORCHESTRATION_FEATURES.length}`;
  const message = `Only ${share} orchestration features available - may indicate import issues`;
  return [issue("FEATURES_MISSING", IssueSeverity.WARNING, message)];
}

function findOverrides(status: AvailabilityStatus): readonly AvailabilityIssue[] {
  const { environmentOverrides, unreadableOverrides, debugOverride } = status;
  const active = Object.keys(environmentOverrides).length === 0 ? [] : [
    issue(
      "OVERRIDES_ACTIVE",
      IssueSeverity.INFO,
      `Environment overrides active: ${JSON.stringify(environmentOverrides)}`,
    ),
  ];
  const invalid = status.features.flatMap(({ variable, override }) =>
    override.kind === "invalid"
      ? [issue("OVERRIDE_INVALID", IssueSeverity.ERROR, describeInvalid(variable, override.value))]
      : []
  );
  const debug = debugOverride.kind === "invalid"
    ? [
      issue(
        "DEBUG_INVALID",
        IssueSeverity.WARNING,
        describeInvalid(DEBUG_VARIABLE, debugOverride.value),
      ),
    ]
    : [];
  const unreadable = unreadableOverrides.length === 0 ? [] : [
    issue(
      "OVERRIDES_UNREADABLE",
      IssueSeverity.INFO,
      `Environment overrides cannot be read: ${ENV_FLAG}`,
    ),
  ];
  return [...active, ...invalid, ...debug, ...unreadable];
}

function issue(
  code: AvailabilityIssue["code"],
  severity: IssueSeverity,
  message: string,
): AvailabilityIssue {
  return Object.freeze({ severity, code, message });
}
