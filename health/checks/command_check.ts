import {
  commandProbe,
  type CommandProbeOptions,
} from "../../config/availability/probes/command_probe.ts";
import { missingPermission } from "../../config/availability/probes/missing_permission.ts";
import { SystemStatus } from "../../enums/system_status.ts";
import type { HealthCheck } from "./health_check.ts";
import { probeCheck } from "./probe_check.ts";

/**
 * Makes a check that runs a command: well when it exits with 0. There is no shell and no input, and
 * the command is killed at its deadline; with it the processes that it started itself, if the run
 * permission was given for all commands.
 *
 * @param command The program, found on PATH, or its path; needs the run permission for it.
 * @param options Arguments, and whether output is wanted.
 * @returns The check.
 *
 * @example Watch a container engine
 * ```ts
 * import { commandCheck, HealthMonitor } from "@baton/orchestration/health";
 *
 * const monitor = new HealthMonitor();
 * monitor.register({ name: "docker", check: commandCheck("docker", { args: ["info"] }) });
 * ```
 */
export function commandCheck(command: string, options: CommandProbeOptions = {}): HealthCheck {
  const { look } = probeCheck(commandProbe(command, options));
  return {
    async look(context) {
      const missing = await missingPermission({ name: "run", command });
      if (missing === null) return await look(context);
      // Deno drops the grant for a command that it cannot find, so the flag may have been given.
      const message = `${missing}, with ${command} installed`;
      return { status: SystemStatus.UNKNOWN, message };
    },
  };
}
