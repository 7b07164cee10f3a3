import assert from "node:assert/strict";
import { handler } from "../../../../config/schemas/recovery_handlers.ts";
import { missingPermission } from "../../../../config/availability/probes/missing_permission.ts";
import { CircuitBreaker } from "../../../../health/circuit_breaker.ts";
import { FallbackManager } from "../../../../health/fallback_manager.ts";
import type { FilledParts } from "../../../../orchestration/recovery/handlers/action_handler_parts.ts";
import {
  handlerRefusals,
  windowsReason,
} from "../../../../orchestration/recovery/handlers/handler_refusals.ts";
import { partsOf } from "./action_fixtures.ts";

const refuse = (settings: unknown, parts: Partial<FilledParts> = {}) =>
  handlerRefusals(handler.parse(settings), partsOf(parts));

const CASES = [
  {
    settings: { exec: { argv: ["systemctl"], env: ["PATH"] } },
    reasons: [
      "run permission not granted: --allow-run=systemctl, with systemctl installed",
      "run permission not granted: --allow-run=kill, to end what systemctl starts",
      "env permission not granted: --allow-env=PATH",
    ],
  },
  {
    settings: { exec: { argv: ["a"], set_env: { LD_PRELOAD: "x" } } },
    reasons: [
      "run permission not granted: --allow-run=a, with a installed",
      "run permission not granted: --allow-run=kill, to end what a starts",
      "run permission not granted: --allow-run without a list, for variables named LD_* or DYLD_*",
    ],
  },
  {
    settings: { http: { url: "https://a.org/x" } },
    reasons: ["net permission not granted: --allow-net=a.org:443"],
  },
  {
    settings: { log: {}, verify: { http: { url: "http://a.org" } } },
    reasons: ["net permission not granted: --allow-net=a.org:80"],
  },
  {
    settings: { log: {}, verify: { tcp: { host: "::1", port: 5 } } },
    reasons: ["net permission not granted: --allow-net=[::1]:5"],
  },
  {
    settings: { http: { url: "http://a.org" }, verify: { http: { url: "http://a.org" } } },
    reasons: ["net permission not granted: --allow-net=a.org:80"],
  },
];

Deno.test("handlerRefusals names every permission to grant", { permissions: "none" }, async () => {
  for (const { settings, reasons } of CASES) {
    assert.deepEqual(await refuse(settings, { missingPermission }), reasons);
  }
});

Deno.test("handlerRefusals refuses nothing that is permitted", async () => {
  for (const { settings } of CASES) {
    assert.deepEqual(await refuse(settings), windowsReason(Deno.build.os));
  }
});

Deno.test("handlerRefusals asks for kill only where programs are granted one by one", async () => {
  const asked: unknown[] = [];
  const missingPermission = (descriptor: Deno.PermissionDescriptor) => {
    asked.push("command" in descriptor ? descriptor.command : "all");
    return Promise.resolve("command" in descriptor ? null : "not all");
  };
  assert.deepEqual(await refuse({ exec: { argv: ["a"] } }, { missingPermission }), []);
  assert.deepEqual(asked, ["all", "a", "kill"]);
});

Deno.test("handlerRefusals names the part that is missing", async () => {
  const cases = [
    [{ breaker: { name: "orders", do: "open" } }, "no breaker named orders"],
    [{ fallback: { mode: "SAFE" } }, "no fallback manager"],
    [{ notify: {} }, "no notifier"],
    [{ log: {}, verify: { component: "api" } }, "no health monitor to verify a component with"],
  ];
  const parts = {
    breakers: new Map([["orders", new CircuitBreaker("orders")]]),
    fallbackManager: new FallbackManager(),
    notifier: { notify: () => {} },
    health: { getComprehensiveState: () => Promise.resolve({}) },
  };
  for (const [settings, reason] of cases) {
    assert.deepEqual(await refuse(settings), [reason]);
    assert.deepEqual(await refuse(settings, parts), []);
  }
});

Deno.test("windowsReason refuses programs where there are no process groups", () => {
  assert.deepEqual(windowsReason("linux"), []);
  assert.match(windowsReason("windows")[0] ?? "", /not run on Windows/);
});
