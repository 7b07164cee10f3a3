import assert from "node:assert/strict";
import { component } from "../../../config/schemas/health_components.ts";
import { ConfigError } from "../../../config/files/config_error.ts";
import { parseConfig } from "../../../config/files/parse_config.ts";
import { healthSchema } from "../../../config/schemas/health.ts";
import { refusedPaths } from "./refused_paths.ts";

const COMMON = {
  enabled: true,
  description: "",
  interval: null,
  timeout: null,
  slow: null,
  failure_threshold: null,
  success_threshold: null,
};

Deno.test("a health component of each kind has its defaults", () => {
  const cases = [
    [{ type: "http", url: "http://a.org" }, { status_codes: null }],
    [{ type: "tcp", port: 80 }, { host: "127.0.0.1" }],
    [{ type: "command", command: ["true"] }, { needs_output: false }],
    [{ type: "kv" }, { path: null }],
    [{ type: "disk" }, { path: ".", warning: 0.8, critical: 0.95 }],
    [{ type: "memory" }, { warning: 0.85, critical: 0.95 }],
    [{ type: "cpu" }, { warning: 2, critical: 8 }],
    [{ type: "eventLoop" }, { warning: 0.1, critical: 1 }],
    [{ type: "custom" }, { check: null }],
  ] as const;
  for (const [given, filled] of cases) {
    assert.deepEqual(component.parse(given), { ...COMMON, ...given, ...filled });
  }
});

Deno.test("a health component refuses what cannot be", async () => {
  const cases = [
    { text: "type: http", path: ".url" },
    { text: "type: http, url: 'ftp://a.org'", path: ".url" },
    { text: "type: http, url: 'http://a b'", path: ".url" },
    { text: "type: http, url: 'http://a.org', status_codes: []", path: ".status_codes" },
    { text: "type: http, url: 'http://a.org', status_codes: [99]", path: ".status_codes[0]" },
    { text: "type: tcp, port: 0", path: ".port" },
    { text: "type: tcp, port: 80, url: x", path: ".url" },
    { text: "type: command, command: []", path: ".command" },
    { text: "type: disk, warning: 0.9, critical: 0.9", path: ".critical" },
    { text: "type: disk, critical: 1.1", path: ".critical" },
    { text: "type: memory, warning: 0", path: ".critical" },
    { text: "type: cpu, warning: 9", path: ".critical" },
    { text: "type: eventLoop, warning: 2", path: ".critical" },
    { text: "type: memory, interval: 0.001", path: ".interval" },
    { text: "type: memory, slow: 0", path: ".slow" },
    { text: "type: memory, failure_threshold: 1001", path: ".failure_threshold" },
    { text: "port: 80", path: ".type" },
  ];
  for (const { text, path } of cases) {
    const found = await refusedPaths(`components: { a: { ${text} } }`, healthSchema);
    assert.deepEqual(found, [`components.a${path}`], text);
  }
});

Deno.test("a health component of an unknown kind is told which there are", async () => {
  const text = "components:\n  a: { type: htp }";
  await assert.rejects(() => parseConfig(text, healthSchema), (error) => {
    assert.ok(error instanceof ConfigError);
    assert.equal(error.faults[0]?.line, 2);
    assert.match(error.message, /http, tcp, command, kv, disk, memory, cpu, eventLoop or custom/);
    return true;
  });
});
