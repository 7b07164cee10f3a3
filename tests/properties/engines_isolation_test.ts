import assert from "node:assert/strict";
import { setContextChecks } from "@baton/orchestration/engines";
import { IsolationWorld } from "./engines_isolation_world.ts";

/** All of them take a minute and more than 1 GB: for whoever sets BATON_SOAK. */
const USERS = Deno.env.has("BATON_SOAK") ? 1_000 : 200;
const WORKFLOWS = 20;

Deno.test(`engines keep ${USERS} users apart, each with ${WORKFLOWS} interleaved workflows`, async () => {
  const seed = Number(Deno.env.get("BATON_SEED") ?? crypto.getRandomValues(new Uint32Array(1))[0]);
  const wereOn = setContextChecks(true);
  try {
    await tryWorld(seed);
  } catch (error) {
    throw new Error(`Failed with BATON_SEED=${seed}: ${error}`, { cause: error });
  } finally {
    setContextChecks(wereOn);
  }
});

async function tryWorld(seed: number): Promise<void> {
  const world = new IsolationWorld(seed);
  await world.live(USERS, WORKFLOWS);
  world.watch.conclude();
  assert.equal(world.counts.accepted, USERS * WORKFLOWS);
  // All that may happen did, or nothing would be shown.
  for (const [what, count] of Object.entries(world.counts)) {
    assert.ok(count > 5, `${count} ${what}`);
  }
}
