import { isObject } from "../../enums/records/field.ts";
import { showValue } from "../../enums/show_value.ts";
import { checkOperationName } from "../context/context_id.ts";
import type { CheckedAgent } from "./agent_module.ts";
import { operationOf } from "./check_request.ts";
import { readAgentModule } from "./read_agent_module.ts";
import type { Tool } from "./tool.ts";

/**
 * Checks and copies the agents of an engine.
 *
 * @param agents The agents; it may be anything.
 * @param allowWorkers Whether agents may run in workers.
 * @returns The copy.
 * @throws {TypeError} when something is no agent, or has no name.
 * @throws {InvalidContextError} when a name cannot be part of a context.
 * @throws {RangeError} when a limit of an agent's process is out of range.
 * @throws {AgentIsolationError} when an agent would run in a worker and must not.
 */
export function readAgents(agents: unknown, allowWorkers: boolean): Map<string, CheckedAgent> {
  return readMap("agents", agents, (agent, name) => {
    checkOperationName(operationOf(name)); // else it could never run
    if (typeof agent === "function") return agent as CheckedAgent;
    if (!isObject(agent)) throw new TypeError(`The agent ${showValue(name)} must be a function`);
    return readAgentModule(name, agent, allowWorkers);
  });
}

/**
 * Checks and copies the tools of an engine.
 *
 * @param tools The tools; it may be anything, undefined for none.
 * @returns The copy.
 * @throws {TypeError} when something is no function, or has no name.
 */
export function readTools(tools: unknown): Map<string, Tool> {
  return readMap("tools", tools ?? NOTHING, (tool, name) => {
    if (typeof tool === "function") return tool as Tool;
    throw new TypeError(`The tool ${showValue(name)} must be a function, got ${showValue(tool)}`);
  });
}

const NOTHING: ReadonlyMap<string, unknown> = new Map();

function readMap<T>(
  what: string,
  given: unknown,
  read: (value: unknown, name: string) => T,
): Map<string, T> {
  if (!(given instanceof Map)) {
    throw new TypeError(`${what} must be a Map, got ${showValue(given)}`);
  }
  const copy = new Map<string, T>();
  for (const [name, value] of given as Map<unknown, unknown>) {
    if (typeof name !== "string" || name.trim() === "") {
      throw new TypeError(`${what} must have names that are not blank, got ${showValue(name)}`);
    }
    copy.set(name, read(value, name));
  }
  return copy;
}
