import assert from "node:assert/strict";
import {
  anomaly,
  type Behaviour,
  policyWorld,
  type World,
} from "../../orchestration/recovery/recovery_harness.ts";
import type { EnhancedRecoveryOrchestrator } from "../../../orchestration/recovery/enhanced_recovery_orchestrator.ts";
import { POLICIES_LIKE_SHIPPED } from "./shipped_policies.ts";

/** The actions of the six chains, with their time limits in seconds as the chains give them. */
const CHAINS = {
  power_fault: [["reduce_power_load", 30], ["alert_ground", 10], ["enter_safe_mode", 15]],
  thermal_fault: [
    ["activate_cooling", 20],
    ["reduce_processor_load", 15],
    ["reduce_power_load", 30],
    ["alert_ground", 10],
  ],
  attitude_fault: [["stabilize_attitude", 60], ["enter_safe_mode", 15], ["alert_ground", 10]],
  comm_fault: [["restart_radio", 30], ["switch_to_backup_radio", 20], ["enter_safe_mode", 15]],
  memory_fault: [["cache_purge", 60], ["reduce_processor_load", 15], ["alert_ground", 10]],
  unknown_anomaly: [["log_detailed_state", 30], ["alert_ground", 10], ["enter_safe_mode", 15]],
} as const;

type ChainName = keyof typeof CHAINS;

const ACTIONS = [...new Set(Object.values(CHAINS).flatMap((chain) => chain.map(([name]) => name)))];

/**
 * What each step comes to: S success, F failed, - condition not met; "" for an anomaly that is not
 * severe enough. Written by hand from the file's thresholds and conditions.
 */
const EXPECTED: Readonly<Record<ChainName, readonly (readonly [string, Told])[]>> = {
  power_fault: [
    ["", { severity: 0.69 }],
    ["", { severity: 0.69, recurrence: 3 }],
    ["S--", { severity: 0.7 }],
    ["S--", { severity: 0.71 }],
    ["SS-", { severity: 0.7, recurrence: 2 }],
    ["SSS", { severity: 0.7, recurrence: 3 }],
    ["S--", { severity: 0.79 }],
    ["SS-", { severity: 0.8 }],
    ["SS-", { severity: 0.81 }],
    ["SSS", { severity: 0.8, recurrence: 3 }],
    ["SS-", { severity: 0.89 }],
    ["SSS", { severity: 0.9 }],
    ["SSS", { severity: 0.91 }],
    ["SSS", { severity: 1 }],
  ],
  thermal_fault: [
    ["", { severity: 0.59 }],
    ["S---", { severity: 0.6 }],
    ["S---", { severity: 0.61 }],
    ["S--S", { severity: 0.6, recurrence: 2 }],
    ["S--S", { severity: 0.6, recurrence: 3 }],
    ["S---", { severity: 0.6, duration: 180 }],
    ["SS--", { severity: 0.6, duration: 180.5 }],
    ["S---", { severity: 0.69 }],
    ["SS--", { severity: 0.7 }],
    ["SS--", { severity: 0.71 }],
    ["SS--", { severity: 0.79 }],
    ["SSS-", { severity: 0.8 }],
    ["SSS-", { severity: 0.81 }],
    ["SSS-", { severity: 0.84 }],
    ["SSSS", { severity: 0.85 }],
    ["SSSS", { severity: 0.86 }],
  ],
  attitude_fault: [
    ["", { severity: 0.79 }],
    ["S-S", { severity: 0.8 }],
    ["S-S", { severity: 0.81 }],
    ["S-S", { severity: 0.8, recurrence: 3 }],
    ["S-S", { severity: 0.86 }],
    ["S-S", { severity: 0.89 }],
    ["SSS", { severity: 0.9 }],
    ["SSS", { severity: 0.91 }],
  ],
  comm_fault: [
    ["", { severity: 0.74 }],
    ["S--", { severity: 0.75 }],
    ["S--", { severity: 0.76 }],
    ["S--", { severity: 0.75, recurrence: 3 }],
    ["S--", { severity: 0.84 }],
    ["SS-", { severity: 0.85 }],
    ["SS-", { severity: 0.86 }],
    ["SS-", { severity: 0.94 }],
    ["SSS", { severity: 0.95 }],
    ["SSS", { severity: 0.96 }],
  ],
  memory_fault: [
    ["", { severity: 0.69 }],
    ["S--", { severity: 0.7 }],
    ["S--", { severity: 0.71 }],
    ["S--", { severity: 0.7, recurrence: 3 }],
    ["S--", { severity: 0.79 }],
    ["SS-", { severity: 0.8 }],
    ["SS-", { severity: 0.81 }],
    ["SS-", { severity: 0.84 }],
    ["SSS", { severity: 0.85 }],
    ["SSS", { severity: 0.86 }],
  ],
  unknown_anomaly: [
    ["", { severity: 0.84 }],
    ["SS-", { severity: 0.85 }],
    ["SS-", { severity: 0.86 }],
    ["SS-", { severity: 0.85, recurrence: 3 }],
    ["SS-", { severity: 0.94 }],
    ["SSS", { severity: 0.95 }],
    ["SSS", { severity: 0.96 }],
  ],
};

/** What a first step that fails brings on at the lowest severity: only flags of the file do. */
const FIRST_FAILS: Readonly<Record<ChainName, readonly [string, number]>> = {
  power_fault: ["F--", 0.7],
  thermal_fault: ["F---", 0.6],
  attitude_fault: ["FSS", 0.8],
  comm_fault: ["FS-", 0.75],
  memory_fault: ["F--", 0.7],
  unknown_anomaly: ["FS-", 0.85],
};

/** What a first step that failed before, and fails again, brings on at the lowest severity. */
const FIRST_FAILS_AGAIN: Readonly<Record<ChainName, string>> = {
  power_fault: "FS-",
  thermal_fault: "FS--",
  attitude_fault: "FSS",
  comm_fault: "FS-",
  memory_fault: "FS-",
  unknown_anomaly: "FS-",
};

interface Told {
  readonly severity: number;
  readonly recurrence?: number;
  readonly duration?: number;
}

const FAILURES: readonly Exclude<Behaviour, "ok" | "helps">[] = ["throws", "hangs", "futile"];
const LETTERS: Readonly<Record<string, string>> = {
  success: "S",
  failed: "F",
  condition_not_met: "-",
};

/** The file as users have it: it is no part of the repository. */
const SHIPPED = "../../../../shared/reference/configs/recovery_policies.yaml";

type Case = readonly [name: string, run: () => Promise<void>];

for (const [name, fn] of casesOf(() => POLICIES_LIKE_SHIPPED)) {
  Deno.test(`EnhancedRecoveryOrchestrator: ${name}`, fn);
}

const { state } = await Deno.permissions.query({ name: "read" });
const mayRead = state === "granted";

Deno.test({
  name: `EnhancedRecoveryOrchestrator does the same by the file that users have${
    mayRead ? "" : " (needs --allow-read)"
  }`,
  ignore: !mayRead,
  async fn(t) {
    const yaml = await readShipped();
    for (const [name, fn] of casesOf(() => yaml)) assert.ok(await t.step(name, fn), name);
  },
});

function casesOf(yaml: () => string): readonly Case[] {
  const cases: Case[] = [];
  const test = (name: string, run: () => Promise<void>) => void cases.push([name, run]);
  for (const name of Object.keys(CHAINS) as ChainName[]) {
    test(`${name} takes the steps that its conditions ask for`, async () => {
      for (const [expected, { severity, recurrence = 0, duration }] of EXPECTED[name]) {
        const world = await aWorld(yaml());
        const metadata = duration === undefined ? {} : { duration };
        await anomaly(world, name, severity, { recurrenceCount: recurrence, metadata });
        const at = `${name} at ${JSON.stringify({ severity, recurrence, duration })}`;
        await assertChain(world, name, expected, at);
      }
    });

    for (const [index, [action, seconds]] of CHAINS[name].entries()) {
      test(`${name} goes on to its end when ${action} fails`, async () => {
        for (const failure of FAILURES) {
          const world = await aWorld(yaml(), { [action]: failure });
          await anomaly(world, name, 1);
          const letters = [...CHAINS[name].map(() => "S")];
          letters[index] = "F";
          await assertChain(world, name, letters.join(""), `${action} ${failure}`);
          const history = await world.recovery.getActionHistory();
          assert.equal(history[index]!.error, errorOf(failure, seconds));
          assert.equal(history[index]!.verified, failure === "futile" ? false : null);
        }
      });
    }

    test(`${name} goes by flags when its first step fails, and escalates the second time`, async () => {
      const [expected, severity] = FIRST_FAILS[name];
      const [[first]] = CHAINS[name];
      for (const failure of FAILURES) {
        const world = await aWorld(yaml(), { [first]: failure });
        await anomaly(world, name, severity);
        await assertChain(world, name, expected, `first ${failure}`);
        await world.clock.advance(1_000_000);
        await anomaly(world, name, severity);
        const history = await world.recovery.getActionHistory();
        const latest = CHAINS[name].map((_, index) =>
          history.findLast(({ step }) => step === index + 1)!
        );
        const again = latest.map(({ result }) => LETTERS[result] ?? result).join("");
        assert.equal(again, FIRST_FAILS_AGAIN[name], `again ${failure}`);
        assert.equal(latest.findIndex(({ escalated }) => escalated), 1, `again ${failure}`);
      }
    });
  }

  test("an anomaly that no policy names is treated as an unknown one", async () => {
    const world = await aWorld(yaml());
    await anomaly(world, "weird", 0.95);
    await assertChain(world, "unknown_anomaly", "SSS", "weird");
    assert.deepEqual(world.recovery.getMetrics().actions_by_anomaly, { weird: 1 });
  });

  test("power_fault in LAUNCH skips what may not run, and does the rest", async () => {
    const stateMachine = { getCurrentPhase: () => ({ value: "LAUNCH" }) };
    const world = await aWorld(yaml(), {}, { stateMachine });
    await anomaly(world, "power_fault", 0.95);
    const results = (await world.recovery.getActionHistory()).map(({ result }) => result);
    assert.deepEqual(results, ["skipped_phase_restriction", "success", "success"]);
    assert.deepEqual(world.ran, ["alert_ground", "enter_safe_mode"]);
  });
  return cases;
}

async function aWorld(
  yaml: string,
  unlike: Readonly<Record<string, Behaviour>> = {},
  options = {},
): Promise<World<EnhancedRecoveryOrchestrator>> {
  const text = yaml.replace(/^ *log_file:.*$/m, "");
  const actions = Object.fromEntries(ACTIONS.map((name): [string, Behaviour] => [name, "ok"]));
  return await policyWorld({ yaml: text, actions: { ...actions, ...unlike } }, options);
}

async function assertChain(
  { recovery, ran }: World<EnhancedRecoveryOrchestrator>,
  name: ChainName,
  expected: string,
  at: string,
): Promise<void> {
  const history = await recovery.getActionHistory();
  if (expected === "") {
    assert.deepEqual(history.map(({ result }) => result), ["below_threshold"], at);
    assert.deepEqual(ran, [], at);
    return;
  }
  const actions = CHAINS[name].map(([action]) => action);
  assert.deepEqual(history.map(({ action_type }) => action_type), actions, at);
  assert.equal(history.map(({ result }) => LETTERS[result] ?? result).join(""), expected, at);
  assert.deepEqual(ran, actions.filter((_, index) => expected[index] !== "-"), at);
  assert.equal(recovery.getStatus().chains.length, 0, at);
}

function errorOf(failure: Behaviour, seconds: number): string {
  if (failure === "throws") return "Error: broken";
  if (failure === "hangs") return `Action timeout after ${seconds * 1.5}s`;
  return "it did not help: what was wrong is not well yet, after 3 looks";
}

/** @returns The file as users have it; where it is not, the one like it. */
async function readShipped(): Promise<string> {
  try {
    return await Deno.readTextFile(new URL(SHIPPED, import.meta.url));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return POLICIES_LIKE_SHIPPED;
    throw error;
  }
}
