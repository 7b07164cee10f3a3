import assert from "node:assert/strict";
import { systemResources } from "../../health/system_resources.ts";

Deno.test("systemResources reads the heap and this process without any permission", () => {
  const heap = systemResources.heapShare();
  assert.ok(heap.kind === "measured" && heap.value > 0 && heap.value < 1);
  const memory = systemResources.processMemoryBytes();
  assert.ok(memory.kind === "measured" && memory.value > 1_000_000);
});

Deno.test("systemResources names the permission it lacks instead of asking for it", {
  permissions: { sys: false },
}, () => {
  assert.deepEqual(systemResources.machineMemoryShare(), {
    kind: "unknown",
    reason: "needs --allow-sys=systemMemoryInfo",
  });
  if (Deno.build.os === "windows") return;
  assert.deepEqual(systemResources.loadPerCore(), {
    kind: "unknown",
    reason: "needs --allow-sys=loadavg",
  });
});

const kinds = ["systemMemoryInfo", "loadavg"] as const;
const missing = kinds.filter((kind) =>
  Deno.permissions.querySync({ name: "sys", kind }).state !== "granted"
);
const need = missing.length === 0 ? "" : ` [needs --allow-sys=${missing.join()}]`;

Deno.test(`systemResources reads the machine when permitted${need}`, {
  ignore: missing.length > 0,
}, () => {
  const memory = systemResources.machineMemoryShare();
  assert.ok(memory.kind === "measured" && memory.value > 0 && memory.value < 1);
  if (Deno.build.os === "windows") return;
  const load = systemResources.loadPerCore();
  assert.ok(load.kind === "measured" && load.value >= 0);
});
