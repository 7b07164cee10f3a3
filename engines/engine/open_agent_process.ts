import { engineLogger } from "../guard/engine_logger.ts";
import type { HostMessage } from "./agent_message.ts";
import type { CheckedAgentModule } from "./agent_module.ts";
import type { AgentListener, AgentPort } from "./agent_port.ts";
import { describeThrown } from "./describe_thrown.ts";
import { encodeLine, LineBuffer } from "./line_buffer.ts";

/** Most that a process may print; more ends it. */
const PRINTED_MAX_BYTES = 8 * 1024 * 1024;
/** How much of what a process printed last is told when it ends by itself. */
const SHOWN_CHARS = 1_000;

/**
 * Opens a process of Deno without permissions that holds an agent, and that SIGKILL ends, whatever it
 * does. What the module imports by literal names is loaded by that process, from files and from Deno's
 * cache, never from the network. Its code then runs without any permission, and with an empty
 * environment. What it prints is dropped; the end of that is told when the process ends by itself.
 *
 * Not guaranteed: that the process is gone when `terminate` returns, which takes some milliseconds
 * more. That memory outside the heap, such as buffers, is bounded. And that code which breaks out of V8
 * ends with its host: all other does, within seconds, even if it loops.
 *
 * @param module Where the agent is.
 * @param listener Hears it.
 * @returns The process.
 * @throws {Error} when it must not or cannot be started. Nobody is asked for the permission.
 */
export function openAgentProcess(module: CheckedAgentModule, listener: AgentListener): AgentPort {
  const { executable } = module.process;
  // A compiled program that started itself would do all of its work again.
  if (executable === undefined && Deno.build.standalone) throw new Error(NO_DENO);
  const command = executable ?? Deno.execPath();
  const { state } = Deno.permissions.querySync({ name: "run", command });
  if (state !== "granted") throw new Error(NOT_PERMITTED);
  return new AgentProcess(start(command, module), listener);
}

const NO_DENO =
  "a compiled program is no Deno that could run an agent: name one as `process.executable` of its module";

const NOT_PERMITTED =
  "a process needs the permission to run Deno: start this program with --allow-run=deno, or with the path that Deno.execPath() gives where `deno` on the PATH is only a script";

function start(command: string, module: CheckedAgentModule): Deno.ChildProcess {
  const { configFile, memoryMaxMb, env } = module.process;
  const args = [
    "run",
    "--quiet",
    "--no-prompt",
    // With a configuration goes its lock file: without one, Deno would have to ask the registry.
    ...(configFile === undefined ? ["--no-config", "--no-lock"] : [`--config=${configFile}`]),
    "--cached-only",
    "--deny-import", // else code could load from well-known hosts, and tell them something by it
    `--v8-flags=--max-old-space-size=${memoryMaxMb}`,
    `data:application/javascript,${encodeURIComponent(processSource(module))}`,
  ];
  return new Deno.Command(command, {
    args,
    clearEnv: true,
    env: { NO_COLOR: "1", ...env },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** Deno loads what is imported by a literal name without a permission, and only that. */
function processSource({ url, exportName }: CheckedAgentModule): string {
  const server = new URL("./serve_agent_process.ts", import.meta.url).href;
  return [
    `import { serveAgentProcess } from ${JSON.stringify(server)};`,
    `serveAgentProcess(() => import(${JSON.stringify(url)}), ${JSON.stringify(exportName)});`,
  ].join("\n");
}

class AgentProcess implements AgentPort {
  readonly gone: Promise<void>;
  readonly #child: Deno.ChildProcess;
  readonly #listener: AgentListener;
  readonly #input: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;
  #isTerminated = false;
  #printedBytes = 0;
  #lastPrinted = "";

  constructor(child: Deno.ChildProcess, listener: AgentListener) {
    this.#child = child;
    this.#listener = listener;
    this.#input = child.stdin.getWriter();
    // What it said counts before its end does.
    this.gone = Promise.allSettled([this.#hear(), this.#drain()])
      .then(() => child.status)
      .then((status) => this.#ended(status));
  }

  postMessage(message: HostMessage): void {
    if (this.#isTerminated) return;
    try {
      // A process that is gone hears nothing, and its end is told below.
      this.#input.write(encodeLine(message)).catch(() => {});
    } catch (error) {
      this.#broke(describeThrown(error));
    }
  }

  terminate(): void {
    if (this.#isTerminated) return;
    this.#isTerminated = true;
    this.#input.abort().catch(() => {});
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // It has ended by itself.
    }
  }

  async #hear(): Promise<void> {
    const lines = new LineBuffer();
    try {
      for await (const chunk of this.#child.stdout) {
        if (this.#isTerminated) continue;
        for (const line of lines.push(chunk)) this.#said(line);
      }
    } catch (error) {
      this.#broke(describeThrown(error));
    }
  }

  #said(line: string): void {
    if (this.#isTerminated) return;
    let data: unknown;
    try {
      data = JSON.parse(line);
    } catch {
      return this.#listener.failed("it said what cannot be read");
    }
    this.#listener.said(data);
  }

  async #drain(): Promise<void> {
    const decoder = new TextDecoder();
    for await (const chunk of this.#child.stderr) {
      if (this.#isTerminated) continue;
      this.#printedBytes += chunk.length;
      const text = decoder.decode(chunk, { stream: true });
      this.#lastPrinted = (this.#lastPrinted + text).slice(-SHOWN_CHARS);
      if (this.#printedBytes > PRINTED_MAX_BYTES) {
        this.#broke(`it printed more than ${PRINTED_MAX_BYTES} bytes`);
      }
    }
  }

  #ended({ code, signal }: Deno.CommandStatus): void {
    engineLogger.debug("The process of an agent ended after it printed {bytes} bytes", {
      bytes: this.#printedBytes,
      code,
      signal,
    });
    const how = signal === null ? `code ${code}` : signal;
    const last = this.#lastPrinted.trim();
    this.#broke(`it ended by itself (${how})${last === "" ? "" : `: ${last}`}`);
  }

  #broke(why: string): void {
    if (this.#isTerminated) return;
    this.terminate();
    this.#listener.failed(`it broke: ${why}`);
  }
}
