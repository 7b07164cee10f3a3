import assert from "node:assert/strict";
import { parseConfig } from "../../../config/files/parse_config.ts";
import { recoverySchema } from "../../../config/schemas/recovery.ts";
import { findLoggingFaults } from "../../../orchestration/recovery/find_logging_faults.ts";

const CASES: readonly (readonly [string, readonly string[]])[] = [
  ["{}", []],
  ["{ format: json }", []],
  ["{ format: ' TEXT ' }", []],
  ["{ format: xml }", ["logging.format"]],
  ["{ slack_webhook: 'https://hooks.example.com/x' }", []],
  ["{ slack_webhook: 'http://localhost:1/x' }", []],
  ["{ slack_webhook: nonsense }", ["logging.slack_webhook"]],
  ["{ slack_webhook: 'ftp://example.com' }", ["logging.slack_webhook"]],
  ["{ slack_webhook: 'x:', format: '?' }", ["logging.slack_webhook", "logging.format"]],
];

for (const [logging, expected] of CASES) {
  Deno.test(`findLoggingFaults finds ${expected.join(" and ") || "nothing"} in ${logging}`, async () => {
    const { config } = await parseConfig(`logging: ${logging}`, recoverySchema);
    const faults = findLoggingFaults(config);
    assert.deepEqual(faults.map(({ path }) => path.join(".")), expected);
    assert.ok(!JSON.stringify(faults).includes("nonsense"), "a webhook is a secret");
  });
}
