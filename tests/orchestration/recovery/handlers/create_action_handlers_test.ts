import assert from "node:assert/strict";
import { systemClock } from "../../../../clock.ts";
import { parseConfig } from "../../../../config/files/parse_config.ts";
import { recoverySchema } from "../../../../config/schemas/recovery.ts";
import { CircuitBreaker } from "../../../../health/circuit_breaker.ts";
import { FallbackManager } from "../../../../health/fallback_manager.ts";
import type { ActionHandlerParts } from "../../../../orchestration/recovery/handlers/action_handler_parts.ts";
import { createActionHandlers } from "../../../../orchestration/recovery/handlers/create_action_handlers.ts";
import { RUN, testWith } from "../../../config/availability/probes/probe_runs.ts";
import { contextOf, FakeGroup, startOf } from "./action_fixtures.ts";

async function create(text: string, parts: ActionHandlerParts = {}) {
  const { config } = await parseConfig(text, recoverySchema);
  return await createActionHandlers(config.handlers, parts);
}

const ALL = `
handlers:
  run: { exec: { argv: [systemctl, restart, api] }, verify: { component: api } }
  call: { http: { url: "http://a.org", body: '{"why":"{{reason}}"}' } }
  mode: { fallback: { mode: safe } }
  trip: { breaker: { name: orders, do: open } }
  note: { log: { message: "{{params.unit}}" } }
  page: { notify: { message: "{{cause.type}}" } }
`;

Deno.test("createActionHandlers makes an action of each kind that does what it says", async () => {
  const group = new FakeGroup({ stdout: "done" });
  group.end(0);
  const bodies: unknown[] = [];
  const { handlers, refused } = await create(ALL, {
    fallbackManager: new FallbackManager(),
    breakers: new Map([["orders", new CircuitBreaker("orders")]]),
    notifier: { notify: () => {} },
    health: {
      getComprehensiveState: () => Promise.resolve({ components: { api: { status: "HEALTHY" } } }),
    },
    fetch: (_url, { body }) => {
      bodies.push(body);
      return Promise.resolve(new Response());
    },
    startProcessGroup: startOf(group).start,
    missingPermission: () => Promise.resolve(null),
  });
  assert.deepEqual(refused, []);
  const reports: unknown[] = [];
  for (const { run } of handlers.values()) reports.push(await run(contextOf()));
  assert.deepEqual(reports, [
    "done",
    "POST to http://a.org answered with status 200",
    "the mode is SAFE",
    "opened orders",
    "api",
    "api_fault",
  ]);
  assert.deepEqual(bodies, ['{"why":"it is down"}']);
  const verify = handlers.get("run")?.verify;
  assert.equal(verify && await verify(contextOf()), true);
  const plain = ["call", "mode", "trip", "note", "page"].map((name) => handlers.get(name)?.verify);
  assert.deepEqual(plain, [null, null, null, false, false]);
});

Deno.test("createActionHandlers refuses at once what could not be done", {
  permissions: "none",
}, async () => {
  const { handlers, refused } = await create(ALL);
  assert.deepEqual([...handlers.keys()], ["note"]);
  assert.deepEqual(refused, [
    {
      action: "run",
      reason: "run permission not granted: --allow-run=systemctl, with systemctl installed; " +
        "run permission not granted: --allow-run=kill, to end what systemctl starts; " +
        "no health monitor to verify a component with",
    },
    { action: "call", reason: "net permission not granted: --allow-net=a.org:80" },
    { action: "mode", reason: "no fallback manager" },
    { action: "trip", reason: "no breaker named orders" },
    { action: "page", reason: "no notifier" },
  ]);
});

Deno.test("createActionHandlers refuses a message that cannot be filled in", async () => {
  const { refused } = await create('handlers: { a: { log: { message: "{{raeson}}" } } }');
  assert.deepEqual(refused, [{ action: "a", reason: "an unknown placeholder at offset 0" }]);
});

testWith([RUN], "createActionHandlers runs a real program by a file", async () => {
  const script = 'echo "$BATON_ACTION $BATON_FENCE $BATON_PARAM_UNIT"; test -z "$HOME"';
  const { handlers } = await create(
    `handlers: { a: { exec: { argv: [/bin/sh, -c, '${script}'] } } }`,
  );
  const report = await handlers.get("a")?.run(contextOf({ clock: systemClock }));
  assert.equal(report, "restart_api 7 api");
});

Deno.test("createActionHandlers has looked at what only tells people when the file says how", async () => {
  const { handlers } = await create(
    `handlers:
  page: { notify: { message: down }, verify: { component: api } }
  note: { log: { message: down }, verify: { component: api } }
`,
    {
      notifier: { notify: () => {} },
      health: {
        getComprehensiveState: () => Promise.resolve({ components: { api: { status: "FAILED" } } }),
      },
    },
  );
  for (const name of ["page", "note"]) {
    const verify = handlers.get(name)?.verify;
    assert.equal(verify && await verify(contextOf()), false, name);
    assert.equal(typeof verify, "function", name);
  }
});
