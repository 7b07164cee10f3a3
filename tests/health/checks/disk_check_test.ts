import assert from "node:assert/strict";
import { diskCheck } from "../../../health/checks/disk_check.ts";
import { READ, testWith } from "../../config/availability/probes/probe_runs.ts";
import { lookWith, shortLook } from "./check_runs.ts";

const SYS = { name: "sys", flag: "--allow-sys" } as const;

Deno.test("diskCheck judges the share in use", async () => {
  const cases = [
    { value: 0.799, status: "HEALTHY" },
    { value: 0.8, status: "DEGRADED" },
    { value: 0.949, status: "DEGRADED" },
    { value: 0.95, status: "FAILED" },
  ];
  for (const { value, status } of cases) {
    const usedShare = () => Promise.resolve({ kind: "measured", value } as const);
    const found = await lookWith(diskCheck("/data", { usedShare }));
    assert.equal(found.status, status);
    assert.deepEqual(found.metadata, { disk_used_share: value });
  }
});

Deno.test("diskCheck names the permission that is missing", { permissions: "none" }, async () => {
  assert.deepEqual(await shortLook(diskCheck("/data")), [
    "UNKNOWN",
    "disk_used_share: read permission not granted: --allow-read=/data; " +
    "warning from 0.8, critical from 0.95",
  ]);
});

Deno.test("diskCheck refuses bounds out of order or range", () => {
  const cases = [{ warning: 0 }, { warning: 0.95 }, { critical: 1.01 }, { critical: NaN }];
  for (const options of cases) {
    assert.throws(() => diskCheck("/data", options), { name: "RangeError" });
  }
});

testWith(
  [READ, SYS],
  "diskCheck measures a disk, and fails for a path that is not there",
  async () => {
    const { metadata } = await lookWith(diskCheck("."));
    const share = metadata?.["disk_used_share"] ?? -1;
    assert.ok(share >= 0 && share <= 1, String(share));
    await assert.rejects(() => lookWith(diskCheck("/no/such/path")));
  },
);
