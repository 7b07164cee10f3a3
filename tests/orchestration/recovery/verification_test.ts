import assert from "node:assert/strict";
import type { HealthState } from "../../../health/health_state.ts";
import type { RunnableAction } from "../../../orchestration/recovery/action_registry.ts";
import {
  hasHelped,
  type Verification,
  verificationOf,
} from "../../../orchestration/recovery/verification.ts";
import { aCause, aChain, aContext, rulesOf } from "./recovery_fixtures.ts";

const escalation_chain = [{ action: "alert_ground" }];
const rules = await rulesOf({
  recovery_policies: {
    failing: { component: "api", escalation_chain },
    slow: { component: "api", degraded: true, escalation_chain },
  },
});

function monitor(state: unknown) {
  return { getComprehensiveState: () => Promise.resolve(state as HealthState) };
}

async function helped(verification: Verification, state: unknown): Promise<boolean> {
  const environment = { healthMonitor: monitor(state), rules: () => rules };
  return await hasHelped(verification, aContext(), environment);
}

Deno.test("verificationOf finds the action's own way before the component, and that before the threshold", () => {
  const verify = () => true;
  const own: RunnableAction = { run: () => 1, verify, scope: null };
  const plain: RunnableAction = { ...own, verify: null };
  const unseen: RunnableAction = { ...own, verify: false };
  const watched = aCause({ type: "failing", component: "api" });
  const health = aCause({ trigger: "health_check", type: "circuit_open" });
  const component = { kind: "component", component: "api", policy: "failing" };
  const threshold = { kind: "threshold", name: "circuit_open" };
  const cases = [
    { name: "its own", cause: watched, action: own, way: { kind: "verifier", verify } },
    {
      name: "its own, without a monitor",
      cause: watched,
      action: own,
      blind: true,
      way: {
        kind: "verifier",
        verify,
      },
    },
    { name: "the component", cause: watched, action: plain, way: component },
    { name: "nothing does it any more", cause: watched, action: undefined, way: component },
    { name: "the threshold", cause: health, action: plain, way: threshold },
    {
      name: "failed retries, which stay counted",
      cause: aCause({ trigger: "health_check", type: "retry_failures" }),
      action: plain,
      way: { kind: "retries" },
    },
    { name: "nobody is to look, at a component", cause: watched, action: unseen, way: null },
    { name: "nobody is to look, at a threshold", cause: health, action: unseen, way: null },
    { name: "no monitor", cause: health, action: plain, blind: true, way: null },
    {
      name: "an anomaly that is named so",
      cause: aCause({ type: "circuit_open" }),
      action: plain,
      way: null,
    },
    { name: "by hand", cause: aCause({ trigger: "manual_trigger" }), action: plain, way: null },
    {
      name: "a name of every object",
      cause: aCause({ trigger: "health_check", type: "constructor" }),
      action: plain,
      way: null,
    },
  ];
  for (const { name, cause, action, blind = false, way } of cases) {
    const found = verificationOf(aChain({ cause }), action, blind ? null : monitor({}));
    assert.deepEqual(found, way, name);
  }
});

Deno.test("hasHelped takes nothing but true for a yes", async () => {
  for (const answer of [1, "yes", {}, undefined, null, false]) {
    const verify = () => answer as boolean;
    assert.equal(await helped({ kind: "verifier", verify }, {}), false, String(answer));
  }
  assert.equal(await helped({ kind: "verifier", verify: () => true }, {}), true);
  assert.equal(await helped({ kind: "verifier", verify: () => Promise.resolve(true) }, {}), true);
  const verify = () => Promise.reject(new Error("no answer"));
  await assert.rejects(helped({ kind: "verifier", verify }, {}), { message: "no answer" });
});

Deno.test("hasHelped takes for well what the policy that watches takes for well", async () => {
  const at = (policy: string, status: string) =>
    helped({ kind: "component", component: "api", policy }, { components: { api: { status } } });
  const cases: [policy: string, status: string, isWell: boolean][] = [
    ["failing", "healthy", true],
    ["failing", "degraded", true],
    ["failing", "failed", false],
    ["failing", "unknown", false],
    ["slow", "healthy", true],
    ["slow", "degraded", false],
    ["slow", "failed", false],
    ["gone", "degraded", true],
    ["gone", "failed", false],
  ];
  for (const [policy, status, isWell] of cases) {
    assert.equal(await at(policy, status), isWell, `${policy}: ${status}`);
  }
  const none = { kind: "component", component: "api", policy: "failing" } as const;
  assert.equal(await helped(none, {}), false);
});

Deno.test("hasHelped looks at the one threshold, and takes what is no figure for no answer", async () => {
  const components = { kind: "threshold", name: "failed_components" } as const;
  const cases: [name: string, state: unknown, isWell: boolean][] = [
    ["below", { system: { failed_components: 1 } }, true],
    ["beyond", { system: { failed_components: 2 } }, false],
    ["no figure", { system: { failed_components: "1" } }, false],
    ["another one beyond", { system: { failed_components: 0 }, retry: { failures_1h: 99 } }, true],
    [
      "another one no figure",
      { system: { failed_components: 0 }, retry: { failures_1h: NaN } },
      true,
    ],
  ];
  for (const [name, state, isWell] of cases) {
    assert.equal(await helped(components, state), isWell, name);
  }
});

Deno.test("hasHelped takes no more failed retries than when they were found for well", async () => {
  const cases: [name: string, state: unknown, isWell: boolean][] = [
    ["fewer", { retry: { failures_1h: 3 } }, true],
    ["as many, still counted", { retry: { failures_1h: 60 } }, true],
    ["one more", { retry: { failures_1h: 61 } }, false],
    ["no figure", { retry: { failures_1h: "3" } }, false],
    ["not told", {}, false],
  ];
  for (const [name, state, isWell] of cases) {
    const environment = { healthMonitor: monitor(state), rules: () => rules };
    const context = aContext({ reason: "failures_1h=60" });
    assert.equal(await hasHelped({ kind: "retries" }, context, environment), isWell, name);
  }
  assert.equal(
    await helped({ kind: "retries" }, { retry: { failures_1h: 0 } }),
    false,
    "a reason that says no figure",
  );
});
