import { runInContext } from "../context/current_context.ts";
import { UserExecutionContext } from "../context/user_execution_context.ts";
import type { UserExecutionContextDict } from "../context/context_dict.ts";
import {
  type AgentFault,
  type AgentMessage,
  type HostMessage,
  readThrown,
  writeFault,
} from "./agent_message.ts";
import { plainData } from "./plain_data.ts";
import { readToolParameters } from "./tool_dispatcher.ts";
import { ToolError, type ToolFault } from "./tool_error.ts";

/** Wrapped, because what is awaited bare is asked whether it is a promise. */
type Loaded = { readonly agent: unknown };
type LoadAgent = () => Loaded | Promise<Loaded>;
type Say = (message: AgentMessage) => void;
type Pending = PromiseWithResolvers<unknown> & { readonly name: string };

/**
 * Runs an agent in its own thread or process, as its host asks: once. The first thing that the host
 * says begins it.
 *
 * @param load Loads the agent, which may be anything.
 * @param say Tells the host something.
 * @returns Hears what the host says.
 */
export function serveAgent(load: LoadAgent, say: Say): (message: HostMessage) => void {
  const pending = new Map<number, Pending>();
  return (message) => {
    if (message.kind === "run") return void run(load, say, message, pending);
    const call = pending.get(message.id);
    pending.delete(message.id);
    if (message.kind === "answer") call?.resolve(message.value);
    else call?.reject(toolError(call.name, message.error));
  };
}

async function run(
  load: LoadAgent,
  say: Say,
  { context, input }: Extract<HostMessage, { kind: "run" }>,
  pending: Map<number, Pending>,
): Promise<void> {
  let calls = 0;
  const callTool = async (name: string, given: unknown = {}): Promise<unknown> => {
    const parameters = readToolParameters(name, given);
    const call = { ...Promise.withResolvers<unknown>(), name };
    pending.set(++calls, call);
    say({ kind: "call", id: calls, name, parameters });
    return await call.promise;
  };
  try {
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
        say({ kind: "think", reasoning: String(reasoning), progressPercentage }),
    });
    const value: unknown = await runInContext(own, async () => {
      const { agent } = await load();
      if (typeof agent !== "function") throw new TypeError("The module exports no such agent");
      return agent(given);
    });
    say({ kind: "result", value: plainData("result", value) });
  } catch (error) {
    say({ kind: "error", error: writeFault(error) });
  }
}

/** The host has judged the ids already, by rules that are not known here. */
function readContext(given: unknown): UserExecutionContext {
  const dict = given as UserExecutionContextDict;
  const ids = [dict.user_id, dict.thread_id, dict.run_id, dict.request_id];
  const allowedIds = ids.map((id) => id.toLowerCase());
  return UserExecutionContext.fromDict(dict, { idRules: { allowedIds } });
}

function toolError(toolName: string, fault: AgentFault): Error {
  const { message, reason } = fault;
  const thrown = readThrown(fault);
  if (reason === null) return thrown;
  const error = new ToolError(toolName, reason as ToolFault, "", thrown.cause);
  error.message = message;
  return error;
}

function deepFreeze(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  Object.values(value).forEach(deepFreeze);
  return Object.freeze(value);
}
