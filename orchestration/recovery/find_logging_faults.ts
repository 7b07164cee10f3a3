import type { SchemaFault } from "../../config/files/schema_fault.ts";
import type { RecoveryCommon } from "../../config/schemas/recovery_common.ts";

const FORMATS: readonly string[] = ["", "json", "text"];

/**
 * Looks for settings of `logging` with which nothing could be told or written: a webhook that is no
 * URL, and a format that there is not.
 *
 * @param document A recovery document.
 * @returns What is wrong, each with the path of its text. The webhook is not shown: it is a secret.
 *
 * @example A misspelt format
 * ```ts
 * import { parseConfig, recoverySchema } from "@baton/orchestration/config";
 * import { findLoggingFaults } from "@baton/orchestration/orchestration";
 *
 * const { config } = await parseConfig("logging: { format: jsn }", recoverySchema);
 * const [fault] = findLoggingFaults(config);
 * if (fault?.expected !== "json or text") throw new Error(fault?.message);
 * ```
 */
export function findLoggingFaults(
  { logging }: Pick<RecoveryCommon, "logging">,
): readonly SchemaFault[] {
  const faults: SchemaFault[] = [];
  if (logging.slack_webhook !== "" && !isWebUrl(logging.slack_webhook)) {
    faults.push({
      path: ["logging", "slack_webhook"],
      message: "a webhook that cannot be called",
      got: "no such URL; it is not shown, as it is a secret",
      expected: "an http or https URL",
    });
  }
  if (!FORMATS.includes(logging.format.trim().toLowerCase())) {
    faults.push({
      path: ["logging", "format"],
      message: "a format that there is not",
      expected: "json or text",
    });
  }
  return faults;
}

function isWebUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}
