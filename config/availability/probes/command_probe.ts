import { AVAILABLE, type FeatureProbe, type ProbeResult, unavailable } from "../feature_probe.ts";
import { messageOf } from "../settle_probe.ts";
import { missingPermission } from "./missing_permission.ts";
import { readStart } from "./read_start.ts";

/** Options of {@link commandProbe}. */
export interface CommandProbeOptions {
  /**
   * The arguments of the command.
   *
   * @default none
   */
  readonly args?: readonly string[];
  /**
   * Whether the command must also write something to stdout.
   *
   * @default false
   */
  readonly needsOutput?: boolean;
}

/**
 * Makes a probe that runs a command: available when it exits with 0. It gets no input, and is
 * killed when the deadline has passed; with it the processes that it started itself, if the run
 * permission was given for all commands. Needs the run permission for that command.
 *
 * @param command The program, found on PATH, or its path.
 * @param options Arguments, and whether output is wanted.
 * @returns The probe; its reason ends in the first line that the command wrote to stderr.
 *
 * @example Is there a Git?
 * ```ts
 * import { commandProbe, OrchestrationConfig } from "@baton/orchestration/config";
 *
 * const probe = commandProbe("git", { args: ["--version"], needsOutput: true });
 * const config = new OrchestrationConfig({ features: [{ name: "git", about: "history", probe }] });
 * await config.isAvailable("git");
 * ```
 */
export function commandProbe(command: string, options: CommandProbeOptions = {}): FeatureProbe {
  const { needsOutput = false } = options;
  const args = [...options.args ?? []];
  const shown = [command, ...args].join(" ");
  return async ({ signal }) => {
    const missing = await missingPermission({ name: "run", command });
    // Deno drops the grant for a command that it cannot find, so the flag may well have been given.
    if (missing !== null) return unavailable(`${missing}, with ${command} installed`);
    try {
      return await runCommand();
    } catch (error) {
      return unavailable(`cannot run ${command}: ${messageOf(error)}`);
    }

    async function runCommand(): Promise<ProbeResult> {
      signal.throwIfAborted();
      const process = new Deno.Command(command, {
        args,
        detached: true, // A process group of its own, to be killed whole.
        stdin: "null",
        stdout: "piped",
        stderr: "piped",
      }).spawn();
      const kill = () => killProcess(process);
      signal.addEventListener("abort", kill, { once: true });
      try {
        const [{ code }, stdout, stderr] = await Promise.all([
          process.status,
          readStart(process.stdout, signal),
          readStart(process.stderr, signal),
        ]);
        if (code !== 0) return unavailable(`${shown} exited with ${code}${firstLine(stderr)}`);
        if (needsOutput && stdout.trim() === "") return unavailable(`${shown} wrote nothing`);
        return AVAILABLE;
      } finally {
        signal.removeEventListener("abort", kill);
      }
    }
  };
}

/** Deno lets a program kill a whole group only with the run permission for all commands. */
function killProcess(process: Deno.ChildProcess): void {
  const { state, partial } = Deno.permissions.querySync({ name: "run" });
  const isGroup = Deno.build.os !== "windows" && state === "granted" && !partial;
  try {
    if (isGroup) Deno.kill(-process.pid, "SIGKILL");
    else process.kill("SIGKILL");
  } catch (error) {
    // It has ended by itself.
    if (!(error instanceof TypeError || error instanceof Deno.errors.NotFound)) throw error;
  }
}

function firstLine(text: string): string {
  const line = text.trim().split("\n", 1)[0] ?? "";
  return line === "" ? "" : `: ${line}`;
}
