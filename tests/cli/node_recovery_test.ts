import assert from "node:assert/strict";
import { NodeRecovery } from "../../cli/node_recovery.ts";
import { FallbackManager } from "../../health/fallback_manager.ts";
import { fakeIo } from "./fake_io.ts";

Deno.test("NodeRecovery.open names the permission for a file that it may not read", {
  permissions: "none",
}, async () => {
  using kv = await Deno.openKv(":memory:");
  const io = fakeIo();
  const opening = NodeRecovery.open({
    file: "recovery_policies.yaml",
    healthFile: undefined,
    components: () => [],
    kv,
    cluster: "default",
    healthMonitor: { getComprehensiveState: () => Promise.resolve({}) },
    fallbackManager: new FallbackManager({ clock: io.clock }),
    coordinator: () => {
      throw new Error("too early");
    },
    io,
  });
  await assert.rejects(opening, (error: Error & { details: string[] }) => {
    assert.match(error.details[0] ?? "", /--allow-read=recovery_policies\.yaml/);
    return true;
  });
});
