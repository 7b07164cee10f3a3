import assert from "node:assert/strict";
import { permissionProbe } from "../../../../config/availability/probes/permission_probe.ts";
import { reasonOf } from "./probe_runs.ts";

Deno.test("permissionProbe follows the permission", {
  permissions: { env: ["BATON_A"] },
}, async () => {
  assert.equal(await reasonOf(permissionProbe({ name: "env", variable: "BATON_A" })), null);
  assert.equal(
    await reasonOf(permissionProbe({ name: "env", variable: "BATON_B" })),
    "env permission not granted: --allow-env=BATON_B",
  );
});

Deno.test("permissionProbe keeps a copy of the descriptor", { permissions: "none" }, async () => {
  const descriptor = { name: "net" as const, host: "a:1" };
  const probe = permissionProbe(descriptor);
  descriptor.host = "b:2";
  assert.equal(await reasonOf(probe), "net permission not granted: --allow-net=a:1");
});
