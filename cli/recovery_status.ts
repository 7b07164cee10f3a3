import { readClusterStatus } from "../coordination/cluster_status.ts";
import type { CliIo } from "./cli_io.ts";
import type { CommandSpec } from "./command_line.ts";
import { ExitCode } from "./exit_codes.ts";
import { readLatest } from "./latest_entries.ts";
import { OUTPUT } from "./output_setting.ts";
import { readDuty } from "./recovery_duty.ts";
import { readRecoveryOverview } from "./recovery_overview.ts";
import { renderRecoveryStatus, renderRecoveryStatusJson } from "./recovery_status_report.ts";
import { RECOVERY_SETTINGS, withRecoveryStore } from "./recovery_store.ts";
import { runCommand } from "./run_command.ts";
import { terminalColumns } from "./terminal_columns.ts";

const SETTINGS = { output: OUTPUT, ...RECOVERY_SETTINGS } as const;

const SPEC: CommandSpec<typeof SETTINGS> = {
  name: "baton recovery status",
  purpose: "Shows what recovery has done in a cluster, what it is at, and what holds it back.",
  examples: ["deno task recovery status", "deno task recovery status --cluster billing -o json"],
  notes:
    `A lane is what one worker does: cluster is the leader's, node:ID what a node does for itself.
What is counted is counted since the lane began, across restarts.
Lanes of nodes that are gone and did nothing for a day are only counted. Whether the leader runs
recovery is known of deno task coordinator, which says so in the store.
Exit codes: 0 there is a leader, 2 wrong usage, 3 the store cannot be read, 69 Deno KV is switched
off, 75 nobody leads at the moment.`,
  settings: SETTINGS,
};

const ENTRIES_SHOWN = 5;

/** `deno task recovery status`. */
export function recoveryStatus(args: readonly string[], io: CliIo): Promise<number> {
  return runCommand({
    spec: SPEC,
    args,
    io,
    body: (values) =>
      withRecoveryStore({ command: "status", values, io }, async ({ kv, storage }) => {
        const nowMs = io.clock.now();
        const { cluster } = values;
        const [found, duty] = await Promise.all([
          readClusterStatus({ kv, cluster, confirmLeader: true, clock: io.clock }),
          readDuty(storage),
        ]);
        const registered = found.members.map(({ instanceId }) => instanceId);
        const overview = await readRecoveryOverview(storage, nowMs, registered);
        const lanes = overview.lanes.map(({ name }) => name);
        const entries = await readLatest(storage, lanes, { limit: ENTRIES_SHOWN });
        const { leader, term } = found;
        const standing = { ...overview, cluster, leader, term, duty, entries };
        io.stdout(
          values.output === "json"
            ? renderRecoveryStatusJson(standing)
            : renderRecoveryStatus(standing, nowMs, terminalColumns(io)),
        );
        return leader === null ? ExitCode.TRY_AGAIN : ExitCode.OK;
      }),
  });
}
