import { runInContext } from "../context/current_context.ts";
import type { CheckedAgentModule } from "./agent_module.ts";
import type { AgentWork, WorkParts } from "./agent_work.ts";
import { AgentIsolationError } from "./engine_errors.ts";
import { ToolDispatcher } from "./tool_dispatcher.ts";
import {
  type AgentMessage,
  type HostMessage,
  readAgentMessage,
  readThrown,
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
  module: CheckedAgentModule,
  parts: WorkParts,
  open: OpenAgent,
): AgentWork {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  const { signal, events, context } = parts;
  const dispatcher = new ToolDispatcher(parts);
  const failed = (why: string) => reject(new AgentIsolationError(agentName, why));
  let messages = 0;
  const said = (data: unknown) => {
    if (signal.aborted) return;
    const message = readAgentMessage(data);
    if (message === null) return failed("it said what is no message");
    if (++messages > MESSAGES_MAX) return failed("it said too much");
    switch (message.kind) {
      case "think":
        return events.thinking(message.reasoning, message.progressPercentage);
      case "call":
        return void runInContext(context, () => answer(message));
      case "result":
        return resolve(message.value);
      case "error":
        return reject(readThrown(message.error));
      default:
        return message satisfies never;
    }
  };
  const answer = async ({ id, name, parameters }: ToolRequest) => {
    const reply = await dispatcher.call(name, parameters).then(
      (value): HostMessage => ({ kind: "answer", id, value }),
      (error): HostMessage => ({ kind: "refusal", id, error: writeFault(error) }),
    );
    if (!signal.aborted) port.postMessage(reply);
  };
  const port = openOrThrow(agentName, () => open(module, { said, failed }));
  signal.addEventListener("abort", () => port.terminate(), { once: true });
  port.postMessage({ kind: "run", context: context.toDict(), input: parts.input });
  return { answer: promise, endsOnAbort: true, gone: port.gone };
}

type ToolRequest = Extract<AgentMessage, { kind: "call" }>;

function openOrThrow(agentName: string, open: () => AgentPort): AgentPort {
  try {
    return open();
  } catch (error) {
    throw new AgentIsolationError(agentName, describeThrown(error), error);
  }
}
