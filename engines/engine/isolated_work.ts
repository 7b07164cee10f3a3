import { runInContext } from "../context/current_context.ts";
import { UserFacingError } from "../user_facing_error.ts";
import type { AgentModule } from "./agent_module.ts";
import type { AgentWork, WorkParts } from "./agent_work.ts";
import { AgentIsolationError } from "./engine_errors.ts";
import { ToolDispatcher } from "./tool_dispatcher.ts";
import {
  type AgentFault,
  type HostMessage,
  readAgentMessage,
  writeFault,
} from "./agent_message.ts";
import type { AgentPort, OpenAgent } from "./agent_port.ts";
import { describeThrown } from "./describe_thrown.ts";

/** Most messages of one agent; more end it. */
const MESSAGES_MAX = 10_000;

/**
 * Sets an agent to work in a thread or a process of its own.
 *
 * @param agentName What the agent is called.
 * @param module Where it is.
 * @param parts What it needs.
 * @param open Opens the thread or the process.
 * @returns The work. It is over when the run is: the thread or the process is ended.
 * @throws {AgentIsolationError} when there is none to be had.
 */
export function isolatedWork(
  agentName: string,
  module: AgentModule,
  parts: WorkParts,
  open: OpenAgent,
): AgentWork {
  const port = openOrThrow(agentName, module, open);
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  const dispatcher = new ToolDispatcher(parts);
  let messages = 0;
  parts.signal.addEventListener("abort", () => port.terminate(), { once: true });
  port.onmessage = ({ data }) => {
    if (parts.signal.aborted) return;
    const message = readAgentMessage(data);
    if (message === null || ++messages > MESSAGES_MAX) {
      const why = message === null ? "it said what is no message" : "it said too much";
      return reject(new AgentIsolationError(agentName, why));
    }
    switch (message.kind) {
      case "think":
        return parts.events.thinking(message.reasoning, message.progressPercentage);
      case "call":
        return void runInContext(parts.context, () => answer(message));
      case "result":
        return resolve(message.value);
      case "error":
        return reject(readThrown(message.error));
      default:
        return message satisfies never;
    }
  };
  const answer = async (
    { id, name, parameters }: { id: number; name: string; parameters: unknown },
  ) => {
    const reply = await dispatcher.call(name, parameters).then(
      (value): HostMessage => ({ kind: "answer", id, value }),
      (error): HostMessage => ({ kind: "refusal", id, error: writeFault(error) }),
    );
    if (!parts.signal.aborted) port.postMessage(reply);
  };
  port.onmessageerror = () =>
    reject(new AgentIsolationError(agentName, "it said what cannot be read"));
  port.onerror = (event) => {
    // Else the error would end this process too.
    event.preventDefault();
    reject(new AgentIsolationError(agentName, `it broke: ${event.message}`));
  };
  port.postMessage({ kind: "run", context: parts.context.toDict(), input: parts.input });
  return { answer: promise, endsOnAbort: true, gone: port.gone };
}

function openOrThrow(
  agentName: string,
  module: AgentModule,
  open: OpenAgent,
): AgentPort {
  try {
    return open(module);
  } catch (error) {
    throw new AgentIsolationError(agentName, describeThrown(error), error);
  }
}

function readThrown({ name, message }: AgentFault): Error {
  if (name === "UserFacingError") return new UserFacingError(message);
  return Object.assign(new Error(message), { name });
}
