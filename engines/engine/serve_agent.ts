import { runInContext } from "../context/current_context.ts";
import { UserExecutionContext } from "../context/user_execution_context.ts";
import type { UserExecutionContextDict } from "../context/context_dict.ts";
import {
  type AgentFault,
  type AgentMessage,
  type HostMessage,
  writeFault,
} from "./agent_message.ts";
import { plainData } from "./plain_data.ts";
import { readToolParameters } from "./tool_dispatcher.ts";
import { ToolError, type ToolFault } from "./tool_error.ts";

/** The side of a thread or a process of an agent that looks at its host. */
export interface HostPort {
  /** Tells the host something. */
  postMessage(message: AgentMessage): void;
  /** Hears what the host says. */
  onmessage: ((event: MessageEvent<HostMessage>) => void) | null;
}

type Pending = PromiseWithResolvers<unknown> & { readonly name: string };

/**
 * Runs an agent in its own thread or process, as its host asks: once. The first thing that the host
 * says begins it.
 *
 * @param port The host.
 * @param agent The agent, if the module has one.
 */
export function serveAgent(port: HostPort, agent: unknown): void {
  const pending = new Map<number, Pending>();
  port.onmessage = ({ data }) => {
    if (data.kind === "run") return void run(port, agent, data, pending);
    const call = pending.get(data.id);
    pending.delete(data.id);
    if (data.kind === "answer") call?.resolve(data.value);
    else call?.reject(toolError(call.name, data.error));
  };
}

async function run(
  port: HostPort,
  agent: unknown,
  { context, input }: Extract<HostMessage, { kind: "run" }>,
  pending: Map<number, Pending>,
): Promise<void> {
  let calls = 0;
  const callTool = async (name: string, given: unknown = {}): Promise<unknown> => {
    const parameters = readToolParameters(name, given);
    const call = { ...Promise.withResolvers<unknown>(), name };
    pending.set(++calls, call);
    port.postMessage({ kind: "call", id: calls, name, parameters });
    return await call.promise;
  };
  try {
    if (typeof agent !== "function") throw new TypeError("The module exports no such agent");
    const own = readContext(context);
    const given = Object.freeze({
      context: own,
      input: deepFreeze(input),
      // The thread or process is ended when the run is: there is no after.
      signal: new AbortController().signal,
      callTool: (name: string, parameters?: unknown) => {
        const answer = callTool(name, parameters);
        answer.catch(() => {}); // an agent need not wait for it
        return answer;
      },
      think: (reasoning: string, progressPercentage: number | null = null) =>
        port.postMessage({ kind: "think", reasoning: String(reasoning), progressPercentage }),
    });
    const value: unknown = await runInContext(own, () => agent(given));
    port.postMessage({ kind: "result", value: plainData("result", value) });
  } catch (error) {
    port.postMessage({ kind: "error", error: writeFault(error) });
  }
}

/** The host has judged the ids already, by rules that are not known here. */
function readContext(given: unknown): UserExecutionContext {
  const dict = given as UserExecutionContextDict;
  const ids = [dict.user_id, dict.thread_id, dict.run_id, dict.request_id];
  const allowedIds = ids.map((id) => id.toLowerCase());
  return UserExecutionContext.fromDict(dict, { idRules: { allowedIds } });
}

function toolError(toolName: string, { message, reason }: AgentFault): Error {
  if (reason === null) return new Error(message);
  const error = new ToolError(toolName, reason as ToolFault, "");
  error.message = message;
  return error;
}

function deepFreeze(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  Object.values(value).forEach(deepFreeze);
  return Object.freeze(value);
}
