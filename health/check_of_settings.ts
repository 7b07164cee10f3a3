import type { HealthComponentSettings } from "../config/schemas/health_components.ts";
import { commandCheck } from "./checks/command_check.ts";
import { customCheck, type CustomLook } from "./checks/custom_check.ts";
import { diskCheck } from "./checks/disk_check.ts";
import { eventLoopCheck } from "./checks/event_loop_check.ts";
import type { HealthCheck } from "./checks/health_check.ts";
import { httpCheck } from "./checks/http_check.ts";
import { kvCheck } from "./checks/kv_check.ts";
import { cpuCheck, memoryCheck } from "./checks/resource_check.ts";
import { tcpCheck } from "./checks/tcp_check.ts";

/** What the checks of a file need from the program. */
export interface CheckParts {
  /**
   * The database of `kv` components without a path.
   *
   * @default none: such a component is refused
   */
  readonly kv?: Pick<Deno.Kv, "get">;
  /**
   * The checks of `custom` components, by name.
   *
   * @default {}
   */
  readonly customChecks?: Readonly<Record<string, CustomLook | HealthCheck>>;
}

/**
 * Makes the check that a file describes.
 *
 * @param name The component.
 * @param settings What the file says about it.
 * @param parts What the program gives.
 * @returns The check.
 * @throws {RangeError} when it needs a part that the program does not give.
 */
export function checkOfSettings(
  name: string,
  settings: HealthComponentSettings,
  parts: CheckParts,
): HealthCheck {
  switch (settings.type) {
    case "http": {
      const { url, status_codes: statusCodes } = settings;
      return httpCheck(url, statusCodes === null ? {} : { statusCodes });
    }
    case "tcp":
      return tcpCheck({ hostname: settings.host, port: settings.port });
    case "command": {
      const [command = "", ...args] = settings.command;
      return commandCheck(command, { args, needsOutput: settings.needs_output });
    }
    case "kv":
      return kvCheck(settings.path === null ? { kv: kvOf(name, parts) } : { path: settings.path });
    case "disk":
      return diskCheck(settings.path, { warning: settings.warning, critical: settings.critical });
    case "memory":
      return memoryCheck({ warning: settings.warning, critical: settings.critical });
    case "cpu":
      return cpuCheck({ warning: settings.warning, critical: settings.critical });
    case "eventLoop":
      return eventLoopCheck({
        warningMs: settings.warning * 1_000,
        criticalMs: settings.critical * 1_000,
      });
    case "custom":
      return customOf(name, settings.check ?? name, parts);
    default:
      return settings satisfies never;
  }
}

function kvOf(name: string, { kv }: CheckParts): Pick<Deno.Kv, "get"> {
  if (kv !== undefined) return kv;
  throw new RangeError(
    `The component "${name}" watches the program's own database, but none was given: ` +
      `give kv, or a path in the file`,
  );
}

function customOf(name: string, check: string, { customChecks = {} }: CheckParts): HealthCheck {
  const custom = Object.hasOwn(customChecks, check) ? customChecks[check] : undefined;
  if (custom !== undefined) return typeof custom === "function" ? customCheck(custom) : custom;
  const known = Object.keys(customChecks).join(", ") || "none";
  throw new RangeError(
    `The component "${name}" needs the custom check "${check}"; there are: ${known}`,
  );
}
