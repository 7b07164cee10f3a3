import { showValue } from "../../enums/show_value.ts";
import { checkOptionNames } from "../option_names.ts";
import type { AgentModule, CheckedAgentModule } from "./agent_module.ts";
import { checkedProcessOptions } from "./agent_process_options.ts";
import { AgentIsolationError } from "./engine_errors.ts";

/**
 * Checks and copies what says where an agent is.
 *
 * @param name The agent's name.
 * @param given What is said; an object that may hold anything.
 * @param allowWorkers Whether the agent may run in a worker.
 * @returns The copy, frozen.
 * @throws {TypeError} when something is of the wrong kind.
 * @throws {RangeError} when a limit of its process is out of range.
 * @throws {AgentIsolationError} when it would run in a worker and must not.
 */
export function readAgentModule(
  name: string,
  given: object,
  allowWorkers: boolean,
): CheckedAgentModule {
  checkOptionNames(`the agent ${showValue(name)}`, given, OPTION_NAMES);
  const { url, exportName = "default", isolation = "worker", process } = given as Readonly<
    Record<keyof AgentModule, unknown>
  >;
  if (isolation !== "worker" && isolation !== "process") {
    throw wrong(name, "isolation", "worker or process", isolation);
  }
  if (isolation === "worker" && !allowWorkers) throw new AgentIsolationError(name, NO_WORKERS);
  if (typeof url !== "string" || !URL.canParse(url)) throw wrong(name, "url", "absolute", url);
  if (typeof exportName !== "string" || exportName === "") {
    throw wrong(name, "exportName", "a name", exportName);
  }
  return Object.freeze({
    url: new URL(url).href,
    exportName,
    isolation,
    process: checkedProcessOptions(process),
  });
}

const OPTION_NAMES: Readonly<Record<keyof AgentModule, true>> = {
  url: true,
  exportName: true,
  isolation: true,
  process: true,
};

const NO_WORKERS =
  'a module runs in a worker, which the engine must be allowed: start Deno with --unstable-worker-options and give the engine `allowWorkers: true`, or give the module `isolation: "process"`';

function wrong(name: string, field: string, wanted: string, got: unknown): TypeError {
  return new TypeError(
    `The ${field} of the agent ${showValue(name)} must be ${wanted}, got ${showValue(got)}`,
  );
}
