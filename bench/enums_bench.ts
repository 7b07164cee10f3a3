import {
  BackgroundTaskConfig,
  BackgroundTaskResult,
  BackgroundTaskStatus,
  parseEnumValue,
  ProgressEventType,
} from "@baton/orchestration/enums";
import { type Figures, measureSideBySide, ms, table } from "./figures.ts";

/** Calls in one measurement: one call alone is shorter than the clock's tick. */
const BATCH = 1_000;

/** A task result as a task of a few minutes leaves it: about 2 kB of JSON. */
function sampleResult(): BackgroundTaskResult {
  return new BackgroundTaskResult({
    taskId: "4b9a1f0e-3c55-4a0e-9a43-0d2e6f8f0001",
    category: "e2e",
    status: "completed",
    config: new BackgroundTaskConfig({
      category: "e2e",
      additionalArgs: ["--headed", "--retries=2"],
      envVars: { BASE_URL: "http://localhost:3000", CI: "1" },
      resourceRequirements: { memory: { gb: 4 }, browsers: ["chromium"] },
    }),
    exitCode: 0,
    stdout: "12 passed (1m)\n".repeat(60),
    startTime: "2026-01-01T10:00:00Z",
    endTime: "2026-01-01T10:05:00Z",
    testCounts: { total: 12, passed: 12, failed: 0, skipped: 0 },
    resourceUsage: { cpu: { peak_percent: 71.5 }, memory: { peak_mb: 912 } },
  });
}

/** Decode and encode of a task result beside the same without checks; parsing; import time. */
export async function benchEnums(times = 300): Promise<string> {
  return [await benchRecords(times), await benchImport()].join("\n");
}

async function benchRecords(times: number): Promise<string> {
  const result = sampleResult();
  const dict = result.toDict();
  const json = JSON.stringify(result);
  const runs: [name: string, run: () => unknown][] = [
    [
      "plain decode: `structuredClone(JSON.parse(text))`",
      () => structuredClone(JSON.parse(text())),
    ],
    [
      "decode: `fromDict(JSON.parse(text))`",
      () => BackgroundTaskResult.fromDict(JSON.parse(text())),
    ],
    ["`fromDict(dict)` alone", () => BackgroundTaskResult.fromDict(dict)],
    ["plain encode: `JSON.stringify(structuredClone(dict))`", () => {
      return JSON.stringify(structuredClone(dict));
    }],
    ["encode: `JSON.stringify(result)`", () => JSON.stringify(result)],
    ["`toDict()` alone", () => result.toDict()],
    ["`parseEnumValue`, 7 members, the last", () => {
      return parseEnumValue(BackgroundTaskStatus, "timeout");
    }],
    ["`parseEnumValue`, 28 members, the last", () => parseEnumValue(ProgressEventType, "debug")],
  ];
  function text(): string {
    return json;
  }
  const figures = await measureSideBySide(times, runs.map(([, run]) => repeat(run)));
  const plainDecode = figures[0]!.percentileMs(0.5);
  const plainEncode = figures[3]!.percentileMs(0.5);
  const rows = runs.map(([name], i) => {
    const p50 = figures[i]!.percentileMs(0.5);
    const ratio = i < 3 ? p50 / plainDecode : i < 6 ? p50 / plainEncode : undefined;
    return [name, nanoseconds(p50), ratio === undefined ? "" : `${ratio.toFixed(2)} × plain`];
  });
  const title = `A task result of ${json.length} bytes (${times} × ${BATCH} calls each, in turn)`;
  return table(title, ["operation", "p50 ns", "beside the same without checks"], rows);
}

/** Keeps what was computed, so that the compiler cannot leave the call out. */
let kept: unknown;

function repeat(run: () => unknown): () => Promise<void> {
  return () => {
    for (let i = 0; i < BATCH; i++) kept = run();
    return Promise.resolve(void kept);
  };
}

function nanoseconds(batchMs: number): string {
  return Math.round(batchMs * 1e6 / BATCH).toLocaleString("en");
}

/** How much longer a process takes that imports the room than one with nothing to do. */
async function benchImport(times = 21): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "baton-bench-enums-" });
  try {
    const room = new URL("../enums/mod.ts", import.meta.url).href;
    await Deno.writeTextFile(`${folder}/empty.ts`, "");
    await Deno.writeTextFile(`${folder}/enums.ts`, `import "${room}";\n`);
    const scripts = [`${folder}/empty.ts`, `${folder}/enums.ts`];
    for (const script of scripts) await spawn(script);
    const [empty, enums] = await measureSideBySide(
      times,
      scripts.map((script) => () => spawn(script)),
    ) as [Figures, Figures];
    const row = (name: string, figures: Figures) => {
      const over = figures.percentileMs(0.5) - empty.percentileMs(0.5);
      return [name, ms(figures.percentileMs(0.5)), figures === empty ? "" : ms(over)];
    };
    return table(`Import time (median of ${times} processes each, in turn)`, [
      "script",
      "p50 ms",
      "over the empty script, ms",
    ], [row("empty", empty), row("imports enums/mod.ts", enums)]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function spawn(script: string): Promise<void> {
  const config = new URL("../deno.json", import.meta.url).pathname;
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--no-check", "--config", config, script],
    stdout: "null",
    stderr: "null",
  }).output();
  if (!success) throw new Error(`Cannot run ${script}`);
}
