/**
 * Users send texts, a workflow of three agents counts their words, and each user sees the events of
 * their own runs, live.
 *
 * ```sh
 * deno run --allow-net=127.0.0.1 --allow-env=BATON_PORT --allow-read=examples/workflow \
 *   examples/workflow/app.ts
 * ```
 */

import {
  EngineLimitError,
  ExecutionEngineFactory,
  handleUserEvents,
  InvalidContextError,
  readUserEventsToken,
  UserEventHub,
  UserExecutionContext,
  type UserExecutionEngine,
  WorkflowOrchestrator,
} from "@baton/orchestration/engines";
import { AGENTS, WORKFLOW } from "./agents.ts";
import { tokenOf, userOf } from "./sign_in.ts";

const BODY_MAX_BYTES = 20_000;
const PAGE = await Deno.readTextFile(new URL("page.html", import.meta.url));
const PAGE_HEADERS = {
  "content-type": "text/html; charset=utf-8",
  "content-security-policy": "default-src 'none'; connect-src 'self'; img-src data:; " +
    "script-src 'unsafe-inline'; style-src 'unsafe-inline'",
};

/** Takes the events of all users, and gives each user their own. */
const hub = new UserEventHub();
/** Makes the engine of each run. The agents are shared by all; their contexts are not. */
const factory = new ExecutionEngineFactory({ agents: AGENTS, events: hub });

async function answer(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  switch (`${request.method} ${pathname}`) {
    case "GET /":
      return new Response(PAGE, { headers: PAGE_HEADERS });
    case "POST /sign-in":
      return await signIn(request);
    case "POST /runs":
      return await startRun(request);
    case "GET /events":
      return await handleUserEvents(request, { hub, authenticate });
    default:
      return new Response("Not found\n", { status: 404 });
  }
}

/** Says who wants events: the page sends the token as a subprotocol of its WebSocket. */
async function authenticate(request: Request): Promise<{ readonly userId: string } | null> {
  const userId = await userOf(readUserEventsToken(request));
  return userId === null ? null : { userId };
}

async function signIn(request: Request): Promise<Response> {
  const { user } = await bodyOf(request);
  // Not every name may have runs: placeholders such as "test" may not.
  const { userId } = contextOf(user);
  return Response.json({ token: await tokenOf(userId) });
}

async function startRun(request: Request): Promise<Response> {
  const token = request.headers.get("authorization")?.replace(/^Bearer /, "") ?? null;
  const user = await userOf(token);
  if (user === null) return new Response("Sign in first\n", { status: 401 });
  const { text } = await bodyOf(request);
  if (typeof text !== "string") return new Response("No text\n", { status: 400 });
  const engine = await factory.createForUser(contextOf(user));
  run(engine, text);
  return Response.json({ run_id: engine.context.runId }, { status: 202 });
}

/** Runs the workflow to its end; the answer to the request does not wait for it. */
async function run(engine: UserExecutionEngine, text: string): Promise<void> {
  try {
    const orchestrator = new WorkflowOrchestrator({ engine, events: hub });
    await orchestrator.executeWorkflow(WORKFLOW, engine.context, { state: { text } });
  } catch (error) {
    // The user has been told by an event; this is for whoever runs the app.
    // deno-lint-ignore no-console
    console.error(error);
  } finally {
    await factory.cleanupEngine(engine);
  }
}

function contextOf(user: unknown): UserExecutionContext {
  return new UserExecutionContext({
    userId: user as string, // which is checked
    threadId: `thread-${crypto.randomUUID()}`,
    runId: `run-${crypto.randomUUID()}`,
  });
}

async function bodyOf(request: Request): Promise<Record<string, unknown>> {
  const bytes = Number(request.headers.get("content-length") ?? Infinity);
  if (bytes > BODY_MAX_BYTES) throw new RangeError("The request is too large");
  const body: unknown = await request.json();
  return typeof body === "object" && body !== null ? { ...body } : {};
}

function refuse(error: unknown): Response {
  if (error instanceof EngineLimitError) return new Response(error.message, { status: 429 });
  if (error instanceof InvalidContextError) return new Response(error.message, { status: 400 });
  if (error instanceof RangeError) return new Response(error.message, { status: 413 });
  if (error instanceof SyntaxError) return new Response("Not JSON\n", { status: 400 });
  throw error;
}

const server = Deno.serve(
  { hostname: "127.0.0.1", port: Number(Deno.env.get("BATON_PORT") || 8090) },
  (request) => answer(request).catch(refuse),
);

Deno.addSignalListener("SIGINT", async () => {
  await factory.shutdown(); // lets runs end
  hub[Symbol.dispose](); // closes the WebSockets
  await server.shutdown();
});
