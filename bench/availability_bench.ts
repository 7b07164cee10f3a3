import { fixedEnv, systemEnv } from "../config/env_reader.ts";
import type { EnvReader } from "../config/env_reader.ts";
import { OrchestrationConfig } from "../config/availability/orchestration_config.ts";
import { AVAILABLE } from "../config/availability/feature_probe.ts";
import { table } from "./figures.ts";

const ROUNDS = 15;
const WARM_UP_CALLS = 20_000;
const CALLS = 20_000;
const VARIABLE = "ORCHESTRATION_DOCKER_AVAILABLE";

/** What a question costs once it was probed, beside the two calls to the runtime that bound it. */
export async function benchAvailability(): Promise<string> {
  const inMemory = await readyConfig(fixedEnv({}));
  const live = await readyConfig(systemEnv);
  const permission = { name: "env", variable: VARIABLE } as const;
  const mayRead = Deno.permissions.querySync(permission).state === "granted";
  const rows = measureInTurn([
    ["cached read, no environment (`dockerAvailable`)", () => inMemory.dockerAvailable],
    ["cached read, live environment (`dockerAvailable`)", () => live.dockerAvailable],
    ["`Deno.permissions.querySync` of one variable", () => Deno.permissions.querySync(permission)],
    ...mayRead ? [["`Deno.env.get` of one variable", () => Deno.env.get(VARIABLE)] as const] : [],
    ["`getAvailabilityStatus()`, no environment", () => inMemory.getAvailabilityStatus()],
    ["`getAvailabilityStatus()`, live environment", () => live.getAvailabilityStatus()],
    ["`getAvailabilityStatus().toDict()`, live", () => live.getAvailabilityStatus().toDict()],
  ]);
  const permitted = mayRead ? "env permitted" : "env denied";
  return table(`Availability (${permitted}; ${ROUNDS} rounds of ${CALLS} calls)`, [
    "operation",
    "median ns",
    "worst round ns",
  ], rows);
}

async function readyConfig(env: EnvReader): Promise<OrchestrationConfig> {
  const names = ["orchestrator", "master_orchestration", "background_e2e", "docker"];
  const probes = Object.fromEntries(names.map((name) => [name, () => AVAILABLE]));
  const config = new OrchestrationConfig({ env, probes });
  await config.ready();
  return config;
}

/** Calls are too short to be timed alone: each round times many, and a noisy one falls on all. */
function measureInTurn(runs: readonly (readonly [string, () => unknown])[]): string[][] {
  for (const [, run] of runs) callMany(run, WARM_UP_CALLS);
  const samples = runs.map((): number[] => []);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [which, [, run]] of runs.entries()) samples[which]!.push(callMany(run, CALLS));
  }
  return runs.map(([name], which) => {
    const sorted = samples[which]!.toSorted((a, b) => a - b);
    return [name, sorted[ROUNDS >> 1]!.toFixed(0), sorted.at(-1)!.toFixed(0)];
  });
}

/** @returns What a call took on average, in ns. */
function callMany(run: () => unknown, calls: number): number {
  let seen = 0;
  const start = performance.now();
  for (let call = 0; call < calls; call++) if (run() !== undefined) seen++;
  const elapsedMs = performance.now() - start;
  if (seen > calls) throw new Error("unreachable: keeps the calls from being optimised away");
  return elapsedMs * 1e6 / calls;
}
