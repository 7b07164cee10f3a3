import assert from "node:assert/strict";
import { copySources, runMutant } from "./mutation.ts";
import { MUTANTS } from "./mutants.ts";
import { RECOVERY_MUTANTS } from "./recovery_mutants.ts";

const SCHEDULES = 1_000;
const ALL = [...MUTANTS, ...RECOVERY_MUTANTS];
const NEEDED = ["read", "write", "run", "env"] as const;
const states = await Promise.all(NEEDED.map((name) => Deno.permissions.query({ name })));
const missing = NEEDED.filter((_, i) => states[i]!.state !== "granted");
const needs = missing.length > 0 ? ` (needs --allow-${missing.join(", --allow-")})` : "";

Deno.test({
  name: `the simulator finds each of ${ALL.length} guards that is switched off${needs}`,
  ignore: missing.length > 0,
  async fn(t) {
    assert.ok(ALL.length >= 30);
    const folder = await Deno.makeTempDir({ prefix: "baton-mutants-" });
    try {
      await copySources(folder);
      for (const mutant of ALL) {
        await t.step(mutant.name, async () => {
          const { foundAfter, message } = await runMutant(folder, mutant, SCHEDULES);
          assert.notEqual(foundAfter, null, `no promise was broken in ${SCHEDULES} schedules`);
          assert.match(message!, /^([IR]\d+|liveness): /);
        });
      }
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
