import assert from "node:assert/strict";
import { cpuCheck, memoryCheck } from "../../../health/checks/resource_check.ts";
import type { Reading, ResourceReader } from "../../../health/system_resources.ts";
import { lookWith } from "./check_runs.ts";

const measured = (value: number): Reading => ({ kind: "measured", value });
const missing: Reading = { kind: "unknown", reason: "needs --allow-sys=systemMemoryInfo" };

function machine(memory: Reading, heap: Reading, load: Reading = missing): ResourceReader {
  return {
    machineMemoryShare: () => memory,
    heapShare: () => heap,
    loadPerCore: () => load,
    processMemoryBytes: () => missing,
  };
}

Deno.test("memoryCheck goes by the worse of machine and heap, and knows what it cannot read", async () => {
  const cases = [
    { memory: measured(0.5), heap: measured(0.1), status: "HEALTHY" },
    { memory: measured(0.5), heap: measured(0.7), status: "DEGRADED" },
    { memory: measured(0.8), heap: measured(0.7), status: "FAILED" },
    { memory: missing, heap: measured(0.1), status: "UNKNOWN" },
    { memory: missing, heap: measured(0.7), status: "DEGRADED" },
  ];
  for (const { memory, heap, status } of cases) {
    const resources = machine(memory, heap);
    const found = await lookWith(memoryCheck({ warning: 0.7, critical: 0.8, resources }));
    assert.equal(found.status, status);
  }
  const { message, metadata } = await lookWith(
    memoryCheck({ resources: machine(missing, measured(0.12345)) }),
  );
  assert.equal(
    message,
    "memory_used_share: needs --allow-sys=systemMemoryInfo, heap_used_share 0.123; " +
      "warning from 0.85, critical from 0.95",
  );
  assert.deepEqual(metadata, { heap_used_share: 0.123 });
});

Deno.test("cpuCheck judges the load per core", async () => {
  const statusOf = async (load: number) => {
    const resources = machine(missing, missing, measured(load));
    return (await lookWith(cpuCheck({ resources }))).status;
  };
  assert.deepEqual(
    [await statusOf(1.9), await statusOf(2), await statusOf(8)],
    ["HEALTHY", "DEGRADED", "FAILED"],
  );
});

Deno.test("memoryCheck and cpuCheck refuse bounds out of order", () => {
  assert.throws(() => memoryCheck({ warning: 0.9, critical: 0.8 }), { name: "RangeError" });
  assert.throws(() => memoryCheck({ critical: 1.1 }), { name: "RangeError" });
  assert.throws(() => cpuCheck({ warning: 0 }), { name: "RangeError" });
});

Deno.test(
  "memoryCheck names the flag that this machine needs",
  { permissions: "none" },
  async () => {
    const { status, message } = await lookWith(memoryCheck());
    assert.equal(status, "UNKNOWN");
    assert.match(message ?? "", /needs --allow-sys=systemMemoryInfo/);
  },
);
