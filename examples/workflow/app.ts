/**
 * Users send texts, a workflow of three agents counts their words, and each user sees the events of
 * their own runs, live. A run that this process did not end, the next one goes on with.
 *
 * ```sh
 * deno run --no-prompt --allow-net=127.0.0.1 --allow-env=BATON_PAUSE_MS,BATON_PORT \
 *   --allow-read=examples/workflow,.baton --allow-write=.baton examples/workflow/app.ts
 * ```
 */

import { openKv } from "@baton/orchestration/coordination";
import {
  DurableRuns,
  EngineLimitError,
  ExecutionEngineFactory,
  handleUserEvents,
  InvalidContextError,
  KvRunStore,
  readUserEventsToken,
  UserEventHub,
  UserExecutionContext,
  type UserExecutionEngine,
  WorkflowOrchestrator,
} from "@baton/orchestration/engines";
import { makeAgents, TOOLS, WORKFLOW } from "./agents.ts";
import { pageFile } from "./page_files.ts";
import { tokenOf, userOf } from "./sign_in.ts";

const BODY_MAX_BYTES = 20_000;

await Deno.mkdir(".baton", { recursive: true });
const kv = await openKv(".baton/workflow.db");
/** Keeps the runs. One process at a time works on them: a second one would take them over. */
const runs = new DurableRuns({ store: new KvRunStore({ kv }) });
/** Takes the events of all users, and gives each user their own. */
const hub = new UserEventHub();
/** Makes the engine of each run. Agents and tools are shared by all; their contexts are not. */
const factory = new ExecutionEngineFactory({
  agents: makeAgents(Number(Deno.env.get("BATON_PAUSE_MS") || 1_500)),
  tools: TOOLS,
  events: hub,
});
/** The runs that go on, and what calls them off. */
const running = new Map<string, { readonly user: string; readonly stop: AbortController }>();

async function answer(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  switch (`${request.method} ${pathname}`) {
    case "POST /sign-in":
      return await signIn(request);
    case "POST /runs":
      return await startRun(request);
    case "POST /cancel":
      return await cancelRun(request);
    case "GET /events":
      return await handleUserEvents(request, { hub, authenticate });
    default:
      return await pageFile(request.method, pathname) ?? refusal(404, "Not found");
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
  const user = await signedIn(request);
  if (user === null) return refusal(401, "Sign in first");
  const { text } = await bodyOf(request);
  if (typeof text !== "string") return refusal(400, "No text");
  const engine = await factory.createForUser(contextOf(user));
  const { context } = engine;
  carryOut(
    engine,
    (orchestrator, signal) =>
      orchestrator.executeWorkflow(WORKFLOW, context, { state: { text }, signal }),
  );
  return Response.json({ run_id: context.runId }, { status: 202 });
}

async function cancelRun(request: Request): Promise<Response> {
  const user = await signedIn(request);
  if (user === null) return refusal(401, "Sign in first");
  const { run_id } = await bodyOf(request);
  const run = running.get(String(run_id));
  // Whether there is such a run of somebody else is nobody's business.
  if (run?.user !== user) return refusal(404, "No such run goes on");
  run.stop.abort();
  return Response.json({ run_id }, { status: 202 });
}

/** Goes on with a run that an earlier process did not end, with the step that it had not ended. */
async function resumeRun(runId: string): Promise<void> {
  const run = await runs.read(runId);
  const engine = await factory.createForUser(UserExecutionContext.fromDict(run?.context));
  carryOut(
    engine,
    (orchestrator, signal) => orchestrator.resume(runId, { definition: WORKFLOW, signal }),
  );
}

/** Carries a run out to its end; the answer to the request does not wait for it. */
async function carryOut(
  engine: UserExecutionEngine,
  work: (orchestrator: WorkflowOrchestrator, signal: AbortSignal) => Promise<unknown>,
): Promise<void> {
  const { userId: user, runId } = engine.context;
  const stop = new AbortController();
  running.set(runId, { user, stop });
  try {
    await work(new WorkflowOrchestrator({ engine, events: hub, runs }), stop.signal);
  } catch (error) {
    report(error); // the user has been told by an event
  } finally {
    running.delete(runId);
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

async function signedIn(request: Request): Promise<string | null> {
  const token = request.headers.get("authorization")?.replace(/^Bearer /, "");
  return await userOf(token ?? null);
}

async function bodyOf(request: Request): Promise<Record<string, unknown>> {
  const bytes = Number(request.headers.get("content-length") ?? Infinity);
  if (bytes > BODY_MAX_BYTES) throw new RangeError("The request is too large");
  const body: unknown = await request.json();
  return typeof body === "object" && body !== null ? { ...body } : {};
}

function refuse(error: unknown): Response {
  if (error instanceof EngineLimitError) return refusal(429, error.message);
  if (error instanceof InvalidContextError) return refusal(400, error.message);
  if (error instanceof RangeError) return refusal(413, error.message);
  if (error instanceof SyntaxError) return refusal(400, "Not JSON");
  throw error;
}

function refusal(status: number, text: string): Response {
  return new Response(`${text}\n`, { status });
}

/** Tells whoever runs the app. */
function report(error: unknown): void {
  // deno-lint-ignore no-console
  console.error(error);
}

for (const { runId } of await runs.listUnfinished({ limit: 10_000 })) {
  await resumeRun(runId).catch(report);
}

const server = Deno.serve(
  { hostname: "127.0.0.1", port: Number(Deno.env.get("BATON_PORT") || 8090) },
  (request) => answer(request).catch(refuse),
);

Deno.addSignalListener("SIGINT", async () => {
  await factory.shutdown(); // lets steps end; what is left of a run then is for the next process
  hub[Symbol.dispose](); // closes the WebSockets
  await server.shutdown();
});
