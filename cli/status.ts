/**
 * `deno task status`: who leads, who is there, what they agreed on, and what there is to do.
 *
 * @module
 */

import { clusterKeys, LEADER_ELECTION } from "../coordination/cluster_snapshot.ts";
import { type ClusterStatus, readClusterStatus } from "../coordination/cluster_status.ts";
import type { CliIo } from "./cli_io.ts";
import type { CommandSpec } from "./command_line.ts";
import { ExitCode } from "./exit_codes.ts";
import { configureLogging } from "./logging.ts";
import { openStore, systemStoreRuntime } from "./open_store.ts";
import { OUTPUT } from "./output_setting.ts";
import { runAsProcess, runCommand } from "./run_command.ts";
import { CLUSTER, LOG_FORMAT, logLevel, STORE } from "./shared_settings.ts";
import { renderStatus, renderStatusJson } from "./status_report.ts";

const SETTINGS = {
  output: OUTPUT,
  cluster: CLUSTER,
  store: STORE,
  logLevel: logLevel("error"),
  logFormat: LOG_FORMAT,
} as const;

const SPEC: CommandSpec<typeof SETTINGS> = {
  name: "baton status",
  purpose: "Shows who leads a cluster, who is in it, what it agreed on, its ballots and its work.",
  examples: [
    "deno task status",
    "deno task status --cluster billing -o json",
    "deno task status --kv https://kv.example.org",
  ],
  notes:
    "A leader whose renewal looks overdue is watched for one lease before it counts as gone.\n" +
    "Work is counted up to a bound: 500+ may be more.\n" +
    "Exit codes: 0 there is a leader, 2 wrong usage, 3 the store cannot be read,\n" +
    "69 Deno KV is switched off, 75 nobody leads at the moment.",
  settings: SETTINGS,
};

/** `deno task status`. */
export function status(args: readonly string[], io: CliIo): Promise<number> {
  return runCommand({
    spec: SPEC,
    args,
    io,
    body: async (values) => {
      configureLogging({ level: values.logLevel, format: values.logFormat }, io);
      using kv = await openStore(values.store, systemStoreRuntime(io), {
        create: false,
        script: "cli/status.ts",
      });
      const found = await readClusterStatus({
        kv,
        cluster: values.cluster,
        confirmLeader: true,
        clock: io.clock,
      });
      const render = values.output === "json" ? renderStatusJson : renderStatus;
      io.stdout(render(found, io.clock.now()));
      if (found.leader !== null) return ExitCode.OK;
      return isLeaderUnreadable(found) ? ExitCode.STORE : ExitCode.TRY_AGAIN;
    },
  });
}

/** Whether the records that say who leads are among those that cannot be read. */
function isLeaderUnreadable({ cluster, corruptRecords }: ClusterStatus): boolean {
  const { prefix } = clusterKeys(cluster);
  return corruptRecords.some(({ key }) =>
    prefix.every((part, at) => key[at] === part) && key.at(-2) === LEADER_ELECTION
  );
}

if (import.meta.main) await runAsProcess(SPEC.name, status);
