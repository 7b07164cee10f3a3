import assert from "node:assert/strict";
import { copySources, type MutantReport, runMutant } from "./mutation.ts";
import { MUTANTS } from "./mutants.ts";
import { RECOVERY_MUTANTS } from "./recovery_mutants.ts";

const SCHEDULES = 1_000;
const LANES = 2;
const ALL = [...MUTANTS, ...RECOVERY_MUTANTS];
const NEEDED = ["read", "write", "run", "env"] as const;
const states = await Promise.all(NEEDED.map((name) => Deno.permissions.query({ name })));
const missing = NEEDED.filter((_, i) => states[i]!.state !== "granted");
const needs = missing.length > 0 ? ` (needs --allow-${missing.join(", --allow-")})` : "";

/** Runs all of them, as many at a time as there are lanes, each with a copy of the code. */
async function runAll(): Promise<Map<string, MutantReport>> {
  const reports = new Map<string, MutantReport>();
  const left = ALL.values();
  const lane = async () => {
    const folder = await Deno.makeTempDir({ prefix: "baton-mutants-" });
    try {
      await copySources(folder);
      for (const mutant of left) {
        reports.set(mutant.name, await runMutant(folder, mutant, SCHEDULES));
      }
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return reports;
}

Deno.test({
  name: `the simulator finds each of ${ALL.length} guards that is switched off${needs}`,
  ignore: missing.length > 0,
  async fn(t) {
    assert.ok(ALL.length >= 30);
    const reports = await runAll();
    for (const { name } of ALL) {
      await t.step(name, () => {
        const { foundAfter, message } = reports.get(name)!;
        assert.notEqual(foundAfter, null, `no promise was broken in ${SCHEDULES} schedules`);
        assert.match(message!, /^([IR]\d+|liveness): /);
      });
    }
  },
});
