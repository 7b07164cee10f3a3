import assert from "node:assert/strict";
import { RECOVERY_ACTION_NAMES } from "../../../config/schemas/recovery_action_names.ts";
import {
  COMMON_RULES,
  cooldownsOfKnownActions,
  knownSlackEvents,
  scopesAgree,
  stepsOfKnownActions,
  watchedComponents,
} from "../../../config/schemas/recovery_rules.ts";

const document = {
  cooldowns: { restart: 5, restrat: 5, page: 5, cache_purge: 5 },
  recovery_actions: { restart: {} },
  handlers: { page: {} },
  recovery_policies: {
    p: {
      escalation_chain: [
        { action: "restart" },
        { action: "pgae" },
        { action: "page" },
        { action: "alert_ground" },
      ],
    },
  },
};

Deno.test("cooldownsOfKnownActions warns of a cooldown of no action, at its key", () => {
  assert.deepEqual(cooldownsOfKnownActions(document), [{
    path: ["cooldowns", "restrat"],
    message: "a cooldown of an unknown action",
    known: ["restart", "page", ...RECOVERY_ACTION_NAMES],
    expected: "an action of recovery_actions or handlers, or a built-in one",
    severity: "warning",
    isAboutKey: true,
  }]);
});

Deno.test("stepsOfKnownActions warns of a step with no action", () => {
  const faults = stepsOfKnownActions(document);
  assert.deepEqual(faults.map(({ path, severity }) => [path, severity]), [
    [["recovery_policies", "p", "escalation_chain", 1, "action"], "warning"],
  ]);
});

Deno.test("knownSlackEvents warns of an event that never happens", () => {
  const slack_events = ["safe_mode_entered", "safe_mode_enterd"];
  const [fault, ...others] = knownSlackEvents({ logging: { slack_events } });
  assert.deepEqual(others, []);
  assert.deepEqual(fault?.path, ["logging", "slack_events", 1]);
  assert.equal(fault?.severity, "warning");
  assert.ok(fault?.known?.includes("safe_mode_entered"));
});

Deno.test("watchedComponents warns of how a component must fail when none is named", () => {
  const recovery_policies = {
    a: { component: null, for: 5, degraded: true, severity_threshold: 0.5 },
    b: { component: "api", for: 5, degraded: true, severity_threshold: 0.5 },
    c: { component: null, for: 0, degraded: false, severity_threshold: 0.5 },
  };
  assert.deepEqual(watchedComponents({ recovery_policies }).map(({ path }) => path.join(".")), [
    "recovery_policies.a.for",
    "recovery_policies.a.degraded",
  ]);
});

Deno.test("watchedComponents warns of a degraded component that is not severe enough for its policy", () => {
  const watch = { component: "api", for: 0 };
  const recovery_policies = {
    enough: { ...watch, degraded: true, severity_threshold: 0.5 },
    too_little: { ...watch, degraded: true, severity_threshold: 0.51 },
    failed_only: { ...watch, degraded: false, severity_threshold: 1 },
  };
  const [fault, ...more] = watchedComponents({ recovery_policies });
  assert.deepEqual(more, []);
  assert.deepEqual(
    [fault?.path.join("."), fault?.severity, fault?.expected],
    ["recovery_policies.too_little.degraded", "warning", "a severity_threshold of at most 0.5"],
  );
});

Deno.test("scopesAgree warns of a handler that says another scope than its action", () => {
  const faults = scopesAgree({
    recovery_actions: { a: { scope: "node" }, b: { scope: "node" }, c: { scope: null } },
    handlers: {
      a: { scope: "cluster" },
      b: { scope: "node" },
      c: { scope: "cluster" },
      d: { scope: "cluster" },
    },
  });
  assert.deepEqual(faults.map(({ path, severity }) => [path.join("."), severity]), [
    ["handlers.a.scope", "warning"],
  ]);
});

Deno.test("COMMON_RULES look at cooldowns and at events", () => {
  const { cooldowns, recovery_actions, handlers } = document;
  const logging = { slack_events: ["x"] };
  const faults = COMMON_RULES.flatMap((rule) =>
    rule({ cooldowns, recovery_actions, handlers, logging })
  );
  assert.deepEqual(faults.map(({ path }) => path[0]), ["cooldowns", "logging"]);
});
