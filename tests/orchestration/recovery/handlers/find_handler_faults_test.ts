import assert from "node:assert/strict";
import { parseConfig } from "../../../../config/files/parse_config.ts";
import { recoverySchema } from "../../../../config/schemas/recovery.ts";
import { findHandlerFaults } from "../../../../orchestration/recovery/handlers/find_handler_faults.ts";

Deno.test("findHandlerFaults gives each fault with its path, in the order of the document", async () => {
  const text = `
handlers:
  a: { log: { message: "{{raeson}}" } }
  b: { log: { message: "{{reason}}" } }
  c: { http: { url: "http://a.org/{{action}}", headers: { x-why: "{{reason}}" }, body: "no" } }
  d: { notify: { message: "{{reason" } }
  e: { http: { url: "http://a.org", headers: { content-type: text/plain }, body: "no" } }
  f: { exec: { argv: ["{{raeson}}"] } }
`;
  const { config } = await parseConfig(text, recoverySchema);
  const faults = findHandlerFaults(config);
  assert.deepEqual(faults.map(({ path, message }) => [path.join("."), message]), [
    ["handlers.a.log.message", "an unknown placeholder at offset 0"],
    ["handlers.c.http.url", "a placeholder that is not filled in"],
    ["handlers.c.http.headers.x-why", "a placeholder that is not filled in"],
    ["handlers.c.http.body", "not JSON"],
    ["handlers.d.notify.message", "a placeholder without an end at offset 0"],
  ]);
  assert.ok(faults.every(({ severity }) => severity === undefined));
});
