import assert from "node:assert/strict";
import { RECOVERY_SETTINGS, withRecoveryStore } from "../../cli/recovery_store.ts";
import { readSettings } from "../../cli/settings.ts";
import { fakeIo } from "./fake_io.ts";

Deno.test("withRecoveryStore does nothing where the store cannot be had", {
  permissions: "none",
}, async () => {
  const values = readSettings(RECOVERY_SETTINGS, { flag: () => undefined, env: () => undefined });
  const work = () => Promise.reject(new Error("it has no store"));
  await assert.rejects(withRecoveryStore({ command: "status", values, io: fakeIo() }, work), {
    code: "PERMISSION_MISSING",
    hint: /cli\/recovery\.ts status --kv/,
  });
});
