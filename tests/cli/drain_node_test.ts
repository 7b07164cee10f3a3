import assert from "node:assert/strict";
import { resetSync } from "@logtape/logtape";
import { drainNode } from "../../cli/drain_node.ts";
import { configureLogging } from "../../cli/logging.ts";
import type { CoordinatorMetrics } from "../../coordination/coordinator.ts";
import { NO_STORE_METRICS } from "../../coordination/store_metrics.ts";
import { fakeIo } from "./fake_io.ts";

interface Case {
  readonly name: string;
  readonly isRunning?: boolean;
  readonly heartbeats?: number;
  readonly failures?: number;
  readonly lastError?: string;
  readonly takesMs?: number;
  readonly recovery?: () => Promise<void>;
  readonly says: RegExp;
}

async function drain(options: Omit<Case, "name" | "says">): Promise<string> {
  const { isRunning = true, heartbeats = 1, failures = 0, lastError = "old" } = options;
  const io = fakeIo();
  let metrics = { heartbeats, electionWins: 0, lastError: "old", store: NO_STORE_METRICS };
  const node = {
    isRunning,
    getMetrics: () => metrics as CoordinatorMetrics,
    shutdown: async () => {
      if (options.takesMs !== undefined) await io.clock.sleep(options.takesMs);
      metrics = { ...metrics, lastError, store: { ...NO_STORE_METRICS, failures } };
    },
  };
  const recovery = options.recovery ? { [Symbol.asyncDispose]: options.recovery } : null;
  configureLogging({ level: "info", format: "pretty" }, io);
  try {
    const drained = drainNode({ node, recovery }, 1_000, io);
    await io.clock.advance(1_000);
    await drained;
  } finally {
    resetSync();
  }
  return io.err();
}

const cases: readonly Case[] = [
  { name: "it left", says: /INF Left the cluster: another can lead at once\n$/ },
  { name: "it had never joined", isRunning: false, heartbeats: 0, says: /^$/ },
  { name: "the store failed", failures: 1, lastError: "new", says: /Stopped .*\(new\)\n$/ },
  { name: "the store failed as it had before", failures: 1, says: /Stopped .*\(old\)\n$/ },
  { name: "something else failed", lastError: "new", says: /WRN Stopped without telling/ },
  { name: "it takes too long", takesMs: 2_000, says: /WRN Gave up on letting go after 1000 ms/ },
  {
    name: "recovery does not rest",
    recovery: () => new Promise(() => {}),
    says: /INF Left the cluster/,
  },
  {
    name: "recovery fails to rest",
    recovery: () => Promise.reject(new Error("no")),
    says: /INF Left the cluster/,
  },
];

for (const { name, says, ...options } of cases) {
  Deno.test(`drainNode says what became of the node when ${name}`, async () => {
    assert.match(await drain(options), says);
  });
}
