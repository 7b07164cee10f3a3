import assert from "node:assert/strict";
import { component } from "../../config/schemas/health_components.ts";
import { checkOfSettings, type CheckParts } from "../../health/check_of_settings.ts";
import { lookWith } from "./checks/check_runs.ts";

const parts: CheckParts = {
  kv: { get: () => Promise.resolve({ key: [], value: null, versionstamp: null }) },
  customChecks: { queue: () => ({ status: "degraded" }) },
};

Deno.test("checkOfSettings makes the check of each kind", { permissions: "none" }, async () => {
  const cases = [
    [{ type: "http", url: "https://a.org/x" }, /--allow-net=a\.org:443/],
    [{ type: "tcp", host: "::1", port: 80 }, /--allow-net=\[::1\]:80/],
    [{ type: "command", command: ["docker", "info"] }, /--allow-run=docker/],
    [{ type: "kv", path: "/x.db" }, /--allow-read=\/x\.db/],
    [{ type: "kv" }, /^HEALTHY/],
    [{ type: "disk", path: "/data", warning: 0.5, critical: 0.6 }, /0\.5, critical from 0\.6$/],
    [{ type: "memory", warning: 0.5, critical: 0.6 }, /0\.5, critical from 0\.6$/],
    [{ type: "cpu", warning: 3, critical: 4 }, /loadavg.*3, critical from 4$/],
    [{ type: "eventLoop" }, /no sample yet/],
    [{ type: "custom" }, /^DEGRADED/i],
  ] as const;
  for (const [given, expected] of cases) {
    const check = checkOfSettings("queue", component.parse(given), parts);
    const { status, message = "" } = await lookWith(check);
    assert.match(`${status} ${message}`, expected, JSON.stringify(given));
  }
});

Deno.test("checkOfSettings names the part that the program does not give", () => {
  for (const type of ["kv", "custom"]) {
    assert.throws(() => checkOfSettings("queue", component.parse({ type }), {}), {
      name: "RangeError",
      message: /The component "queue"/,
    });
  }
});
