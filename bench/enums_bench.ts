import {
  BackgroundTaskConfig,
  BackgroundTaskResult,
  BackgroundTaskStatus,
  parseEnumValue,
  ProgressEventType,
} from "@baton/orchestration/enums";
import { measureSideBySide, table } from "./figures.ts";

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

/** Decode and encode of a task result beside the same without checks; parsing. */
export async function benchEnums(times = 300): Promise<string> {
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
