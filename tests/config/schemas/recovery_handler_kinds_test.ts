import assert from "node:assert/strict";
import {
  breaker,
  exec,
  fallback,
  http,
  log,
  notify,
} from "../../../config/schemas/recovery_handler_kinds.ts";

Deno.test("a handler of each kind has its defaults, and takes words in any letter case", () => {
  const message = "{{action}}: {{reason}}";
  const url = "https://a.org/hook";
  const cases = [
    [exec, { argv: ["true"] }, {
      argv: ["true"],
      cwd: null,
      env: [],
      set_env: {},
      grace: 5,
      max_output: 4_096,
    }],
    [http, { url }, {
      method: "POST",
      url,
      headers: {},
      body: null,
      expect_status: [],
      retries: 2,
      retry_delay: 0.5,
    }],
    [fallback, { mode: "safe" }, { mode: "SAFE", hold: null }],
    [breaker, { name: "a", do: "Open" }, { name: "a", do: "open", hold: null }],
    [log, {}, { level: "INFO", message }],
    [notify, {}, { channel: null, priority: null, message }],
  ] as const;
  for (const [shape, given, filled] of cases) assert.deepEqual(shape.parse(given), filled);
});

Deno.test("a handler refuses what cannot be", () => {
  const url = "https://a.org/hook";
  const cases = [
    [exec, {}],
    [exec, { argv: ["a"], env: ["A B"] }],
    [exec, { argv: ["a"], set_env: { "A-B": "x" } }],
    [exec, { argv: ["a"], max_output: 16_385 }],
    [exec, { argv: ["a"], grace: 8.1 }],
    [http, {}],
    [http, { url: "file:///a" }],
    [http, { url, method: "TRACE" }],
    [http, { url, method: "get", body: "x" }],
    [http, { url, headers: { "a b": "x" } }],
    [http, { url, headers: { a: "x\r\nb: y" } }],
    [http, { url, retries: 11 }],
    [fallback, { mode: "none" }],
    [fallback, { mode: "SAFE", hold: 0 }],
    [breaker, { name: "a", do: "reset" }],
    [log, { level: "info" }],
    [log, { message: "" }],
    [notify, { chanel: "x" }],
  ] as const;
  for (const [shape, given] of cases) {
    assert.ok(!shape.safeParse(given).success, JSON.stringify(given));
  }
});
