import assert from "node:assert/strict";
import { fromFileUrl } from "../support/paths.ts";
import { CONFIG } from "../support/recovery_world.ts";
import { CliProcess, eventually } from "./cli_process.ts";

const EXAMPLE = new URL("../../examples/workflow/", import.meta.url);
const HERE = "examples/workflow";

/** The workflow example as its README starts it, in a folder and on a port of its own. */
export class WorkflowApp implements AsyncDisposable {
  readonly #folder: string;
  readonly #pauseMs: number;
  #process: CliProcess | null = null;
  #address = "127.0.0.1:0";

  private constructor(folder: string, pauseMs: number) {
    this.#folder = folder;
    this.#pauseMs = pauseMs;
  }

  /** Starts it; an agent takes that long, in ms. */
  static async start(pauseMs = 100): Promise<WorkflowApp> {
    const folder = await Deno.makeTempDir({ prefix: "baton-workflow-" });
    await Deno.mkdir(`${folder}/${HERE}`, { recursive: true });
    for await (const { name } of Deno.readDir(EXAMPLE)) {
      await Deno.copyFile(fromFileUrl(new URL(name, EXAMPLE)), `${folder}/${HERE}/${name}`);
    }
    const app = new WorkflowApp(folder, pauseMs);
    try {
      await app.startAgain();
      return app;
    } catch (error) {
      await app[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Where it listens. */
  get address(): string {
    return this.#address;
  }

  /** Starts it at its address, when it has ended. */
  async startAgain(): Promise<void> {
    const readme = await Deno.readTextFile(new URL("README.md", EXAMPLE));
    const [, line] = /deno run ([^`]*?app\.ts)/.exec(readme) ?? [];
    assert.ok(line);
    const args = ["run", `--config=${CONFIG}`, ...line.replaceAll("\\\n", " ").split(/ +/)];
    const port = this.#address.split(":")[1]!;
    const env = { BATON_PORT: port, BATON_PAUSE_MS: String(this.#pauseMs) };
    const process = new CliProcess(Deno.execPath(), args, { cwd: this.#folder, env });
    this.#process = process;
    const listening = /Listening on http:\/\/(127\.0\.0\.1:\d+)/;
    const addressOf = () => listening.exec(process.out + process.err)?.[1];
    await eventually(() => addressOf() !== undefined, { what: () => process.out + process.err });
    this.#address = addressOf()!;
  }

  /** Ends it on the spot, in the middle of whatever it does. */
  async kill(): Promise<void> {
    this.#process!.kill("SIGKILL");
    await this.#process!.ends();
  }

  /** Ends it as Ctrl+C does. */
  async interrupt(): Promise<number> {
    this.#process!.kill("SIGINT");
    return await this.#process!.ends();
  }

  async post(path: string, body: unknown, token = ""): Promise<Response> {
    return await fetch(`http://${this.address}${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
    });
  }

  async signIn(user: string): Promise<string> {
    return (await (await this.post("/sign-in", { user })).json()).token;
  }

  async startRun(token: string, text: string): Promise<string> {
    const response = await this.post("/runs", { text }, token);
    assert.equal(response.status, 202);
    return (await response.json()).run_id;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process?.[Symbol.asyncDispose]();
    await Deno.remove(this.#folder, { recursive: true });
  }
}

/** The workflow as its events tell it, by who and what. */
export function eventsOf(workflow: readonly (readonly string[])[]): string[][] {
  return [["workflow", "agent_started"], ...workflow, ["workflow", "agent_completed"]].map((
    event,
  ) => [...event]);
}

/** What is told of a step, from its start to its end. */
export function stepOf(agent: string, ...does: readonly string[]): string[][] {
  const own = ["agent_started", "agent_thinking", "agent_thinking", ...does, "agent_completed"];
  // The engine says that it begins, and then the agent what it is about.
  return [...own.map((type) => [agent, type]), ["workflow", "progress_update"]];
}

/** What is told of a run in which all goes well: with the five critical events in their order. */
export const ALL_STEPS: readonly string[][] = eventsOf([
  ...stepOf("triage"),
  ...stepOf("data", "tool_executing", "tool_completed"),
  ...stepOf("reporting"),
]);
