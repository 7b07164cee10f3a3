import assert from "node:assert/strict";
import {
  type Agent,
  defineWorkflow,
  ExecutionEngineFactory,
  handleUserEvents,
  readUserEventsToken,
  type Tool,
  UserEventHub,
  UserExecutionContext,
  WorkflowOrchestrator,
} from "@baton/orchestration/engines";
import { systemClock } from "../../clock.ts";
import { EventFollower } from "./event_follower.ts";
import type { TcpLines } from "./tcp_lines.ts";

const HOSTNAME = "127.0.0.1";

/** How often the agent that talks much does so in a run, about 15 KB each. */
const TALKS = 2_000;

/** A user's work: what it says is its user's alone. */
const work: Agent = async ({ context: { userId }, signal, think, callTool }) => {
  think(`thinking of ${userId}`);
  await systemClock.sleep(20, { signal });
  return { of: userId, told: await callTool("tell", { to: userId }) };
};

/** Says so much that no history and no buffer can hold it. */
const talk: Agent = async ({ callTool }) => {
  for (let i = 0; i < TALKS; i++) {
    await callTool("recite");
    if (i % 20 === 0) await systemClock.sleep(1);
  }
};

const VERSES = Object.fromEntries(
  Array.from({ length: 30 }, (_, i) => [`verse ${i}`, "la ".repeat(160)]),
);

const tell: Tool = (_given, { context }) => ({ of: context.userId });
const recite: Tool = () => VERSES;

/** Two agents at a time, and a report. */
const WORKFLOW = defineWorkflow({
  name: "work",
  steps: [
    { name: "left", agent: "work" },
    { name: "right", agent: "work" },
    { name: "report", agent: "work", always: true },
  ],
});
/** An agent that talks much. */
export const TALK = defineWorkflow({ name: "talk", steps: [{ name: "talk" }] });

/** A program that runs workflows and tells their users of them. */
export class EventWorld implements AsyncDisposable {
  readonly hub = new UserEventHub();
  readonly #factory: ExecutionEngineFactory;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly #tokens = new Map<string, string>();
  readonly #heartbeatSeconds: number;
  #runs = 0;

  /** @param heartbeatSeconds After how long the server gives up a page that is silent. */
  constructor(heartbeatSeconds = 30) {
    this.#heartbeatSeconds = heartbeatSeconds;
    this.#factory = new ExecutionEngineFactory({
      agents: new Map([["work", work], ["talk", talk]]),
      tools: new Map([["tell", tell], ["recite", recite]]),
      events: this.hub,
    });
    this.#server = Deno.serve(
      { hostname: HOSTNAME, port: 0, onListen: () => {} },
      (request) => {
        const authenticate = () => this.#userOf(readUserEventsToken(request));
        const heartbeatSeconds = this.#heartbeatSeconds;
        return handleUserEvents(request, { hub: this.hub, authenticate, heartbeatSeconds });
      },
    );
  }

  /** Where the server listens. */
  get port(): number {
    return this.#server.addr.port;
  }

  /** A page of a user that has signed in. */
  pageOf(userId: string, { port }: TcpLines): EventFollower {
    const url = `ws://${HOSTNAME}:${port}/events`;
    return new EventFollower({ url, userId, token: this.tokenOf(userId) });
  }

  /** Signs a user in. */
  tokenOf(userId: string): string {
    const token = crypto.randomUUID();
    this.#tokens.set(token, userId);
    return token;
  }

  /** Runs a workflow of a user. */
  async run(userId: string, workflow = WORKFLOW): Promise<void> {
    const runId = `run-${++this.#runs}`;
    const context = new UserExecutionContext({ userId, threadId: `of-${userId}`, runId });
    await this.#factory.userExecutionScope(context, async (engine) => {
      const orchestrator = new WorkflowOrchestrator({ engine, events: this.hub });
      const results = await orchestrator.executeWorkflow(workflow, context);
      assert.ok(results.every(({ success }) => success));
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#factory.shutdown();
    this.hub[Symbol.dispose]();
    await this.#server.shutdown();
  }

  #userOf(token: string | null): { userId: string } | null {
    const userId = this.#tokens.get(token ?? "");
    return userId === undefined ? null : { userId };
  }
}
