import assert from "node:assert/strict";
import { followConfig } from "../../cli/config_log.ts";
import { configureLogging } from "../../cli/logging.ts";
import { watchConfig } from "../../config/files/watch_config.ts";
import { healthSchema } from "../../config/schemas/health.ts";
import { fakeIo } from "./fake_io.ts";

Deno.test("followConfig has changes take effect, and tells of those that cannot", async () => {
  const io = fakeIo();
  configureLogging({ level: "info", format: "pretty" }, io);
  const { clock } = io;
  let text = "interval: 1";
  const adopted: number[] = [];
  await using watch = await watchConfig("h.yaml", healthSchema, {
    clock,
    readText: () => Promise.resolve(text),
  });
  followConfig("h.yaml", watch, (config) => {
    if (config.interval === 4) return Promise.reject(new Error("no four"));
    adopted.push(config.interval);
    return Promise.resolve([]);
  });
  for (const next of ["interval: 2", "interval: soon", "interval: 4", "interval: 3"]) {
    text = next;
    await clock.advance(2_000);
  }
  assert.deepEqual(adopted, [2, 3]);
  const lines = io.err().trim().split("\n").map((line) => line.replace(/^\S+ /, ""));
  assert.deepEqual(lines.map((line) => line.slice(0, 48)), [
    "INF h.yaml is in force as it is now",
    "ERR h.yaml cannot be used; what was in force sta",
    'ERR h.yaml:1:11 interval: wrong type (got "soon"',
    "ERR h.yaml cannot be used; what was in force sta",
    "INF h.yaml is in force as it is now",
  ]);
  assert.match(lines[3] ?? "", /no four$/);
});
