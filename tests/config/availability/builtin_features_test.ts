import assert from "node:assert/strict";
import { ORCHESTRATION_FEATURES } from "../../../config/availability/availability_status.ts";
import { BUILTIN_FEATURES } from "../../../config/availability/builtin_features.ts";
import { settleProbe } from "../../../config/availability/settle_probe.ts";
import { probeContext } from "./probe_context.ts";

const ROOM = "the test orchestration room is not part of this version of Baton";

async function reasonOf(name: string): Promise<string | null> {
  const { probe } = BUILTIN_FEATURES.find((each) => each.name === name)!;
  const result = await settleProbe(probe!, probeContext());
  return result.available ? null : result.reason;
}

Deno.test("BUILTIN_FEATURES are the three of orchestration, and Docker", () => {
  const names = BUILTIN_FEATURES.map(({ name }) => name);
  assert.deepEqual(names, [...ORCHESTRATION_FEATURES, "docker"]);
});

Deno.test("BUILTIN_FEATURES name every missing thing without permissions", {
  permissions: "none",
}, async () => {
  const noRun = "run permission not granted: --allow-run";
  for (const name of ORCHESTRATION_FEATURES) {
    assert.equal(await reasonOf(name), `${ROOM}; ${noRun}`);
  }
  assert.equal(await reasonOf("docker"), `${noRun}=docker, with docker installed`);
});

Deno.test("BUILTIN_FEATURES say where Deno KV is switched off", {
  permissions: "none",
}, async () => {
  const openKv = Deno.openKv;
  Reflect.deleteProperty(Deno, "openKv");
  try {
    const noKv = 'Deno.openKv missing: add "unstable": ["kv"]';
    assert.equal((await reasonOf("orchestrator"))?.includes(noKv), false);
    assert.equal((await reasonOf("master_orchestration"))?.endsWith(noKv), true);
    assert.equal((await reasonOf("background_e2e"))?.endsWith(noKv), true);
  } finally {
    Deno.openKv = openKv;
  }
});
