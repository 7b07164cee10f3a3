import assert from "node:assert/strict";
import { component } from "../../config/schemas/health_components.ts";
import { checkOfSettings, type CheckParts } from "../../health/check_of_settings.ts";
import { FakeClock } from "../../testing/fake_clock.ts";
import { NET, RUN, testWith } from "../config/availability/probes/probe_runs.ts";
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

async function statusOf(given: Readonly<Record<string, unknown>>): Promise<string> {
  const check = checkOfSettings("a", component.parse(given), {});
  return (await lookWith(check)).status;
}

testWith([NET], "checkOfSettings takes the answers that a file calls good", async () => {
  const onListen = () => {};
  const answer = () => new Response(null, { status: 418 });
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen }, answer);
  const http = { type: "http", url: `http://127.0.0.1:${server.addr.port}/` };
  try {
    assert.equal(await statusOf(http), "FAILED");
    assert.equal(await statusOf({ ...http, status_codes: [200, 418] }), "HEALTHY");
  } finally {
    await server.shutdown();
  }
});

testWith(
  [RUN],
  "checkOfSettings gives a command its arguments, and wants output if told",
  async () => {
    const command = ["sh", "-c", "exit 0"];
    assert.equal(await statusOf({ type: "command", command }), "HEALTHY");
    assert.equal(await statusOf({ type: "command", command, needs_output: true }), "FAILED");
    assert.equal(await statusOf({ type: "command", command: ["sh", "-c", "exit 1"] }), "FAILED");
  },
);

Deno.test("checkOfSettings judges the event loop by the bounds of the file", async () => {
  const clock = new FakeClock();
  const statuses: string[] = [];
  for (const bounds of [{}, { warning: 0.5 }, { warning: 0.2, critical: 0.3 }]) {
    const settings = component.parse({ type: "eventLoop", ...bounds });
    const check = checkOfSettings("a", settings, {});
    check.start?.(clock);
    clock.freeze(650);
    await clock.advance(0);
    statuses.push((await lookWith(check)).status);
    await check.stop?.();
  }
  assert.deepEqual(statuses, ["DEGRADED", "HEALTHY", "FAILED"]);
});
