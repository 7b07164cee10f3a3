import assert from "node:assert/strict";
import { missingForSlack, programsOf } from "../../cli/recovery_needs.ts";
import { parseConfig } from "../../config/files/parse_config.ts";
import { recoverySchema } from "../../config/schemas/recovery.ts";

async function documentOf(text: string) {
  return (await parseConfig(text, recoverySchema)).config;
}

Deno.test("missingForSlack names the flag for the host of the webhook", {
  permissions: "none",
}, async () => {
  const slack = await documentOf(
    'logging: { slack_webhook: "https://hooks.slack.com/services/x" }',
  );
  assert.match(await missingForSlack(slack) ?? "", /--allow-net=hooks\.slack\.com/);
  assert.equal(await missingForSlack(await documentOf("{}")), null);
});

Deno.test("programsOf lists what handlers run and verify with, and what ends it", async () => {
  const text = `
handlers:
  mend: { exec: { argv: [systemctl, restart, a] }, verify: { command: { argv: [curl, x] } } }
  again: { exec: { argv: [systemctl, restart, b] } }
  told: { log: {} }`;
  assert.deepEqual(programsOf(await documentOf(text)), ["systemctl", "curl", "kill"]);
  assert.deepEqual(programsOf(await documentOf("handlers: { told: { log: {} } }")), []);
});
