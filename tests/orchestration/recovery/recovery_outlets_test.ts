import assert from "node:assert/strict";
import { configure, type LogRecord, reset } from "@logtape/logtape";
import type { RecoveryNotice } from "../../../orchestration/recovery/notifier.ts";
import { RecoveryOutlets } from "../../../orchestration/recovery/recovery_outlets.ts";
import { FakeClock } from "../../../testing/fake_clock.ts";
import { aNotice } from "./a_notice.ts";
import { rulesOf } from "./recovery_fixtures.ts";

const SECRET = "T000/B000/very-secret-token";
const WEBHOOK = `https://hooks.slack.com/services/${SECRET}`;
const { logging } = await rulesOf();

function make(notify: (notice: RecoveryNotice) => void | Promise<void> = () => {}) {
  const own = { notify };
  const clock = new FakeClock();
  return { own, outlets: new RecoveryOutlets({ notifiers: [own], clock, random: () => 0.5 }) };
}

Deno.test("RecoveryOutlets tells those of the program, and Slack only when a file asks for it", () => {
  const { own, outlets } = make();
  assert.deepEqual(outlets.notifiers, [own]);
  outlets.open({ ...logging, slack_webhook: WEBHOOK });
  assert.deepEqual(outlets.notifiers.length, 2);
  const [, slack] = outlets.notifiers;
  outlets.open({ ...logging, slack_webhook: WEBHOOK });
  assert.equal(outlets.notifiers[1], slack, "nothing has changed");
  outlets.open(logging);
  assert.deepEqual(outlets.notifiers, [own]);
});

Deno.test("RecoveryOutlets refuses a file that it cannot follow each time, and keeps what was", () => {
  const { own, outlets } = make();
  const wrong = [
    { ...logging, slack_webhook: SECRET },
    { ...logging, slack_webhook: WEBHOOK, log_file: "recovery.log", format: "%(nothing)q" },
  ];
  for (const each of wrong) {
    for (let tries = 0; tries < 2; tries++) {
      assert.throws(() => outlets.open(each), (error) => {
        assert.ok(error instanceof RangeError);
        assert.ok(!error.message.includes("very-secret"), error.message);
        return true;
      });
    }
    assert.deepEqual(outlets.notifiers, [own]);
  }
});

Deno.test("RecoveryOutlets never shows the webhook", () => {
  const { outlets } = make();
  outlets.open({ ...logging, slack_webhook: WEBHOOK });
  const shown = [outlets, outlets.metrics, outlets.notifiers].map((each) =>
    Deno.inspect(each, { depth: 9 }) + JSON.stringify(each)
  );
  for (const text of shown) assert.ok(!text.includes("very-secret"), text);
});

Deno.test("RecoveryOutlets waits for nobody, and counts those who fail", async () => {
  const told: string[] = [];
  const { outlets } = make(({ text }) => {
    told.push(text);
    throw new Error("no line");
  });
  outlets.tell(aNotice());
  assert.deepEqual(told, []);
  await outlets.flush();
  assert.deepEqual(told, ["It timed out"]);
  const metrics = outlets.metrics as Record<string, unknown>;
  assert.equal(metrics["notifier_faults_total"], 1);
  assert.equal(metrics["last_notifier_fault"], "Error: no line");
  outlets.log("INFO", { event: "nobody writes" });
});

Deno.test("RecoveryOutlets has a notifier that waits, for actions that are notices", async () => {
  const { outlets } = make(() => Promise.reject(new Error("no line")));
  const options = { signal: new AbortController().signal };
  await assert.rejects(async () => await outlets.notifier.notify(aNotice(), options), {
    message: "no line",
  });
});

Deno.test("RecoveryOutlets keeps a log when a file asks for one, and opens nothing before a line", () => {
  const { outlets } = make();
  assert.ok(!("log_lines_pending" in outlets.metrics));
  outlets.open({ ...logging, log_file: "nowhere/recovery.log", log_rotation: "daily" });
  assert.ok("log_lines_pending" in outlets.metrics);
});

Deno.test("RecoveryOutlets warns once that the log is not written, and again for another cause", {
  permissions: "none",
}, async () => {
  const records: LogRecord[] = [];
  await configure({
    reset: true,
    sinks: { memory: (record) => void records.push(record) },
    loggers: [
      { category: ["baton", "recovery"], sinks: ["memory"] },
      { category: ["logtape", "meta"], sinks: [] },
    ],
  });
  try {
    const { outlets } = make();
    const write = async (path: string) => {
      outlets.open({ ...logging, log_file: path });
      outlets.log("INFO", { event: "test" });
      await outlets.flush();
      await new Promise((resolve) => setTimeout(resolve, 0));
    };
    await write("/a/recovery.log");
    await write("/a/recovery.log");
    await write("/b/recovery.log");
    const faults = records.map(({ properties }) => String(properties["fault"]));
    assert.equal(faults.length, 2, faults.join("\n"));
    assert.match(faults[0]!, /--allow-(read|write)=\/a/);
    assert.match(faults[1]!, /--allow-(read|write)=\/b/);
  } finally {
    await reset();
  }
});
