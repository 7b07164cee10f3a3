/**
 * `deno task coordinator`: a coordinator node, from its start to its stop.
 *
 * @module
 */

import type { CliIo } from "./cli_io.ts";
import { cliLogger } from "./cluster_log.ts";
import type { CommandSpec } from "./command_line.ts";
import { configureLogging } from "./logging.ts";
import { NODE_SETTINGS, type NodeValues } from "./node_settings.ts";
import { runAsProcess, runCommand } from "./run_command.ts";
import { serveNode } from "./serve_node.ts";
import { StopSignals } from "./stop_signals.ts";
import { waitForStore } from "./wait_for_store.ts";

const SPEC: CommandSpec<typeof NODE_SETTINGS> = {
  name: "baton coordinator",
  purpose: "Runs a node of a cluster: it stands for election, votes, and reports its health.",
  examples: [
    "deno task coordinator",
    "deno task coordinator --cluster billing --lease 2s --label zone=eu-1",
    "deno task coordinator --kv https://kv.example.org --wait --log-format json",
    "deno task coordinator --health health.yaml --recovery recovery_policies.yaml",
  ],
  notes:
    `The first SIGINT (Ctrl-C), SIGTERM or SIGHUP lets go of leadership and leaves the cluster, the
second ends the process at once.
--health says of which components the node's health consists; the file replaces what is looked at
without it. --recovery says what is done when something fails; see deno task recovery. Both files take
effect as they change; one that cannot be used is logged, and the last good one stays in force. deno
task lets health.yaml, recovery.yaml and recovery_policies.yaml be read, and runs no programs: for
other files, and for actions and checks that run programs, use deno run with the permissions that
the message names.
Exit codes: 1 something unforeseen, 2 wrong usage, an unusable file or an id that is taken, 3 the store
cannot be had or is lost, 69 Deno KV is switched off, 129/130/143 after SIGHUP/SIGINT/SIGTERM.`,
  settings: NODE_SETTINGS,
};

/** `deno task coordinator`. */
export function coordinator(args: readonly string[], io: CliIo): Promise<number> {
  return runCommand({
    spec: SPEC,
    args,
    io,
    body: async (values) => {
      configureLogging({ level: values.logLevel, format: values.logFormat }, io);
      return await serveUntilStopped(values, io);
    },
  });
}

async function serveUntilStopped(values: NodeValues, io: CliIo): Promise<number> {
  using stop = new StopSignals({
    clock: io.clock,
    onFirst: ({ stopSignal }) => cliLogger.info("{signal}: letting go", { signal: stopSignal }),
    onRepeat: ({ exitCode }) => io.exit(exitCode),
  });
  const serve = () => serveNode(values, io, stop.signal);
  try {
    if (!values.wait) await serve();
    else {
      await waitForStore(serve, {
        clock: io.clock,
        random: io.random,
        signal: stop.signal,
        onRetry: (error, pauseMs) =>
          cliLogger.warn("{error}; trying again in {pauseMs} ms", {
            error: error.message,
            pauseMs: Math.round(pauseMs),
          }),
      });
    }
  } catch (error) {
    if (error !== stop.stopped) throw error;
  }
  return stop.stopped?.exitCode ?? 0;
}

if (import.meta.main) await runAsProcess(SPEC.name, coordinator);
