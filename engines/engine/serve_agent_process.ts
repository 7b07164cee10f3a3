import type { AgentMessage, HostMessage } from "./agent_message.ts";
import { encodeLine, LineBuffer } from "./line_buffer.ts";
import { serveAgent } from "./serve_agent.ts";

/**
 * Serves an agent over the standard streams of its process, a message a line: once. The process ends when
 * its input does, which is when its host is gone, even if the agent loops then.
 *
 * @param load Loads the agent's module.
 * @param exportName The name under which the module exports the agent.
 */
export function serveAgentProcess(
  load: () => Promise<Readonly<Record<string, unknown>>>,
  exportName: string,
): void {
  keepOutputClean();
  const hear = serveAgent(async () => ({ agent: (await load())[exportName] }), say);
  const lines = new LineBuffer();
  const watch = new Worker(`data:application/javascript,${encodeURIComponent(WATCH)}`, {
    type: "module",
  });
  watch.onmessage = ({ data }: MessageEvent<Uint8Array | null>) => {
    if (data === null) Deno.exit(0);
    for (const line of lines.push(data)) hear(JSON.parse(line) as HostMessage);
  };
}

/**
 * Reads the input in a thread of its own, so that its end is heard while the agent loops. Nothing but
 * a full heap lets a thread end its process against the will of the main thread; an agent that does
 * not loop lets the process end in order before the heap is full.
 */
const WATCH = `
const chunk = new Uint8Array(65536);
for (let size; (size = await Deno.stdin.read(chunk)) !== null;) postMessage(chunk.slice(0, size));
postMessage(null);
for (const heap = [];;) heap.push(new Array(1e6).fill(0.5));
`;

/** Methods of the console that write where the messages go. */
const TALKATIVE = [
  ...["log", "info", "debug", "dir", "dirxml", "table", "clear"],
  ...["group", "groupCollapsed", "count", "timeLog", "timeEnd"],
] as const;

/** What the agent prints goes to the standard error. */
function keepOutputClean(): void {
  const { console: output } = globalThis;
  for (const name of TALKATIVE) output[name] = output.error;
}

/** What an agent hands over was judged before: it is plain data. */
function say(message: AgentMessage): void {
  const line = encodeLine(message);
  for (let from = 0; from < line.length;) from += Deno.stdout.writeSync(line.subarray(from));
}
