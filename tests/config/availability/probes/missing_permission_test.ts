import assert from "node:assert/strict";
import { missingPermission } from "../../../../config/availability/probes/missing_permission.ts";

Deno.test("missingPermission names permission and flag", { permissions: "none" }, async () => {
  const cases: readonly [Deno.PermissionDescriptor, string][] = [
    [{ name: "run" }, "run permission not granted: --allow-run"],
    [{ name: "run", command: "docker" }, "run permission not granted: --allow-run=docker"],
    [{ name: "read" }, "read permission not granted: --allow-read"],
    [{ name: "read", path: "/data" }, "read permission not granted: --allow-read=/data"],
    [{ name: "write", path: "/data" }, "write permission not granted: --allow-write=/data"],
    [{ name: "net", host: "a:1" }, "net permission not granted: --allow-net=a:1"],
    [{ name: "env", variable: "A" }, "env permission not granted: --allow-env=A"],
    [{ name: "sys", kind: "loadavg" }, "sys permission not granted: --allow-sys=loadavg"],
    [{ name: "ffi", path: "/x.so" }, "ffi permission not granted: --allow-ffi=/x.so"],
    [{ name: "import", host: "a.org" }, "import permission not granted: --allow-import=a.org"],
  ];
  for (const [descriptor, expected] of cases) {
    assert.equal(await missingPermission(descriptor), expected);
  }
});

Deno.test("missingPermission finds nothing where the permission was granted", {
  permissions: { env: ["BATON_A"] },
}, async () => {
  assert.equal(await missingPermission({ name: "env", variable: "BATON_A" }), null);
});

Deno.test("missingPermission throws for what is no permission", async () => {
  await assert.rejects(missingPermission({ name: "magic" } as never), TypeError);
});
