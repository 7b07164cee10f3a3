import assert from "node:assert/strict";
import type { HealthCheck, HealthFinding } from "../../health/checks/health_check.ts";
import { HealthLook, readFinding } from "../../health/health_look.ts";
import { FakeClock } from "../../testing/fake_clock.ts";

function setUp(look: HealthCheck["look"], slowMs = Infinity) {
  const clock = new FakeClock();
  const check = { look };
  return { clock, look: new HealthLook({ name: "a", check, clock, timeoutMs: 100, slowMs }) };
}

Deno.test("HealthLook makes an observation of what the check says or throws", async () => {
  const cases: { name: string; check: HealthCheck["look"]; status: string; message: string }[] = [
    { name: "well", check: () => ({ status: "healthy" }), status: "HEALTHY", message: "ok" },
    {
      name: "message",
      check: () => Promise.resolve({ status: "Degraded", message: "tired\nand slow" }),
      status: "DEGRADED",
      message: "tired and slow",
    },
    {
      name: "throws",
      check: () => {
        throw new TypeError("bug");
      },
      status: "FAILED",
      message: "bug",
    },
    {
      name: "rejects",
      check: () => Promise.reject("down"),
      status: "FAILED",
      message: "thrown: down",
    },
    {
      name: "nonsense",
      check: () => ({ status: "fine" }),
      status: "UNKNOWN",
      message: 'no status: "fine"; allowed are HEALTHY, DEGRADED, FAILED, UNKNOWN',
    },
    {
      name: "nothing",
      check: () => undefined as never,
      status: "UNKNOWN",
      message: "no status: undefined; allowed are HEALTHY, DEGRADED, FAILED, UNKNOWN",
    },
  ];
  for (const { name, check, status, message } of cases) {
    const { clock, look } = setUp(check);
    const end = await look.look();
    assert.deepEqual([end?.status, end?.message], [status, message], name);
    assert.equal(clock.sleeperCount, 0, name);
  }
});

Deno.test("HealthLook calls a good look slow from a latency on, and no other", async () => {
  const cases = [
    { ms: 49, status: "healthy", expected: "HEALTHY" },
    { ms: 50, status: "healthy", expected: "DEGRADED" },
    { ms: 50, status: "failed", expected: "FAILED" },
  ];
  for (const { ms, status, expected } of cases) {
    const { clock, look } = setUp(async () => {
      await clock.sleep(ms);
      return { status };
    }, 50);
    const end = look.look();
    await clock.advance(ms);
    assert.deepEqual([(await end)?.status, (await end)?.latencyMs], [expected, ms]);
  }
});

Deno.test("HealthLook ends at its deadline, and starts no second look beside a stuck one", async () => {
  let runs = 0;
  let release = () => {};
  const reasons: string[] = [];
  const { clock, look } = setUp(({ signal }) => {
    runs++;
    signal.addEventListener("abort", () => reasons.push(signal.reason.name));
    return new Promise((resolve) => release = () => resolve({ status: "healthy" }));
  });
  const first = look.look();
  await clock.advance(100);
  assert.deepEqual([(await first)?.status, (await first)?.message], [
    "FAILED",
    "no answer within 100 ms",
  ]);
  assert.deepEqual(reasons, ["TimeoutError"]);
  assert.equal((await look.look())?.message, "an earlier look has not ended yet");
  assert.equal(runs, 1);
  release();
  await clock.advance(0);
  const again = look.look();
  release();
  assert.equal((await again)?.status, "HEALTHY");
  assert.equal(runs, 2);
});

Deno.test("HealthLook tells nothing of a look that was called off", async () => {
  const { clock, look } = setUp(({ signal }) =>
    new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)))
  );
  const end = look.look();
  look.callOff();
  assert.equal(await end, null);
  assert.equal(clock.sleeperCount, 0);
});

Deno.test("HealthLook survives findings that no TypeScript would allow", async () => {
  const cases: { name: string; finding: unknown; status: string; message: string }[] = [
    { name: "number", finding: 5, status: "UNKNOWN", message: "no status: undefined" },
    {
      name: "message",
      finding: { status: "failed", message: 404 },
      status: "FAILED",
      message: "404",
    },
    {
      name: "status without a text",
      finding: { status: Object.create(null) },
      status: "UNKNOWN",
      message: "no status: an object",
    },
    {
      name: "figures that throw",
      finding: {
        status: "healthy",
        get metadata() {
          throw new Error("unreadable");
        },
      },
      status: "FAILED",
      message: "unreadable",
    },
  ];
  for (const { name, finding, status, message } of cases) {
    const { look } = setUp(() => finding as HealthFinding);
    const end = await look.look();
    assert.deepEqual([end?.status, end?.message.split(";")[0]], [status, message], name);
  }
});

Deno.test("readFinding keeps figures only", () => {
  const metadata = { n: 1, text: "x", none: NaN, endless: Infinity, big: 1n, inner: {} };
  const finding = { status: "HEALTHY", metadata } as unknown as HealthFinding;
  assert.deepEqual(readFinding("a", finding, 0).metadata, { n: 1 });
  const text = { status: "HEALTHY", metadata: "abc" } as unknown as HealthFinding;
  assert.deepEqual(readFinding("a", text, 0).metadata, {});
});

Deno.test("readFinding cuts long messages and copies the figures", () => {
  const metadata = { n: 1 };
  const observation = readFinding(
    "a",
    { status: "FAILED", message: "x".repeat(5_000), metadata },
    3,
  );
  assert.equal(observation.message.length, 1_001);
  assert.deepEqual(observation.metadata, { n: 1 });
  assert.notEqual(observation.metadata, metadata);
});
