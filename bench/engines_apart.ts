/**
 * Measures of engines what needs flags or a heap of its own: memory, WebSockets, workers and processes.
 * Run by `engines_bench.ts`, or alone:
 *
 * Usage: deno run --v8-flags=--expose-gc --unstable-worker-options --allow-net=127.0.0.1
 *   --allow-read=. --allow-run bench/engines_apart.ts [TIMES]
 */
import {
  type Agent,
  type AgentSource,
  ExecutionEngineFactory,
  handleUserEvents,
  readUserEventsToken,
  UserEventHub,
  UserExecutionContext,
  UserExecutionEngine,
} from "@baton/orchestration/engines";
import { eventOf } from "./engine_parts.ts";
import { type Figures, measureSideBySide, ms, perSecond, table } from "./figures.ts";

const ENGINES = 10_000;
const BUSY_ENGINES = 200;
/** How many results an engine keeps. */
const HISTORY = 100;
const SOCKETS = 50;
/** Events to each socket in one measurement. */
const EVENTS = 20;
const ROUND_MAX_MS = 3_000;

const collect = (globalThis as { gc?: () => void }).gc;
const agents: ReadonlyMap<string, Agent> = new Map([["count", () => ({ words: 5 })]]);

/** Keeps ten thousand of a thing and measures by how much the heap has grown. */
async function benchMemory(): Promise<string> {
  const rows: string[][] = [];
  const grown = async <T>(
    name: string,
    make: (i: number) => T | Promise<T>,
    count = ENGINES,
  ): Promise<T[]> => {
    const all = new Array<T>(count);
    const before = heapBytes();
    for (let i = 0; i < count; i++) all[i] = await make(i);
    const bytes = (heapBytes() - before) / count;
    rows.push([name, bytes.toFixed(0), (bytes / 1024).toFixed(2)]);
    return all;
  };
  await using factory = new ExecutionEngineFactory({ agents });
  // What is loaded and compiled at the first call is no part of an engine.
  await Promise.all(
    [contextOf("warm-0"), contextOf("warm-1")].map((context) =>
      factory.userExecutionScope(context, (engine) => runOnce(engine))
    ),
  );
  const start = heapBytes();
  const contexts = await grown("context", (i) => contextOf(`reader-${i}`));
  const bare = await grown(
    "engine by its constructor",
    (i) => new UserExecutionEngine({ context: contexts[i]!, agents }),
  );
  await grown("more once it is cleaned up", (i) => bare[i]!.cleanup().then(() => null));
  const engines = await grown(
    "idle engine of a factory",
    (i) => factory.createForUser(contexts[i]!),
  );
  await grown("more once it has run one agent", (i) => runOnce(engines[i]!).then(() => null));
  await grown(
    `more once it has run ${HISTORY} (${BUSY_ENGINES} engines): its history is full`,
    async (i) => {
      for (let runs = 1; runs < HISTORY; runs++) await runOnce(engines[i]!);
    },
    BUSY_ENGINES,
  );
  const cleaned = await factory.cleanupAll();
  if (cleaned !== ENGINES) throw new Error(`${cleaned} engines were live`);
  for (const list of [contexts, bare, engines]) list.length = 0;
  const left = (heapBytes() - start) / ENGINES;
  rows.push(["left once nothing holds them", left.toFixed(0), (left / 1024).toFixed(2)]);
  return table(`Heap of ${ENGINES} engines of as many users, collected before each look`, [
    "what",
    "bytes each",
    "KiB each",
  ], rows);
}

function heapBytes(): number {
  for (let i = 0; i < 3; i++) collect?.();
  return Deno.memoryUsage().heapUsed;
}

async function runOnce(engine: UserExecutionEngine): Promise<void> {
  await engine.executeAgent({ agentName: "count", context: engine.context }, "a b c d e");
}

/** Events over WebSockets whose two ends are both in this process. */
async function benchSockets(times: number): Promise<string> {
  using hub = new UserEventHub({ subscribersPerUserMax: SOCKETS });
  const bare = new Set<WebSocket>();
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    if (!request.url.includes("bare")) return handleUserEvents(request, { hub, authenticate });
    const { socket, response } = Deno.upgradeWebSocket(request);
    bare.add(socket);
    return response;
  });
  const users = Array.from({ length: SOCKETS }, (_, i) => `reader-${i}`);
  const url = `ws://127.0.0.1:${server.addr.port}`;
  const crowds = [
    await Crowd.connect(users.map(() => `${url}/bare`), 0),
    await Crowd.connect(users.map((user) => `${url}/events?token=${user}`), 1),
    await Crowd.connect(users.map(() => `${url}/events?token=ada`), 1),
  ] as const;
  const figures = await measureSideBySide(times, [
    () =>
      crowds[0].hears(EVENTS, () => {
        for (const socket of bare) socket.send(JSON.stringify(eventOf("ada")));
      }),
    () =>
      crowds[1].hears(EVENTS, () => {
        for (const user of users) hub.send(eventOf(user));
      }),
    () => crowds[2].hears(EVENTS, () => hub.send(eventOf("ada"))),
  ]);
  for (const crowd of crowds) await crowd.close();
  if (hub.metrics.lagged_total > 0) throw new Error("a socket lagged behind");
  await server.shutdown();
  const rows = ["bare: `JSON.stringify` and `send`", "a user each", "all of one user"];
  return table(
    `Events over ${SOCKETS} WebSockets on loopback (${times} × ${EVENTS} to each, in turn)`,
    ["sockets", "p50 µs a delivery", "deliveries a second", "ratio of p50"],
    rows.map((name, which) => rowOf(name, figures[which]!, figures[0]!)),
  );
}

function rowOf(name: string, figures: Figures, bare: Figures): string[] {
  return [
    name,
    (figures.percentileMs(0.5) * 1e3 / (SOCKETS * EVENTS)).toFixed(1),
    perSecond(figures, SOCKETS * EVENTS),
    `${(figures.percentileMs(0.5) / bare.percentileMs(0.5)).toFixed(2)} ×`,
  ];
}

function authenticate(request: Request): { userId: string } | null {
  const userId = readUserEventsToken(request);
  return userId === null ? null : { userId };
}

/** Clients that count together what they hear. */
class Crowd {
  readonly #sockets: readonly WebSocket[];
  #missing = 0;
  #done: () => void = () => {};

  private constructor(sockets: readonly WebSocket[]) {
    this.#sockets = sockets;
    for (const socket of sockets) {
      socket.onmessage = () => {
        if (--this.#missing === 0) this.#done();
      };
    }
  }

  /** @param greetings How many messages each of them hears at first. */
  static async connect(urls: readonly string[], greetings: number): Promise<Crowd> {
    const sockets = urls.map((url) => new WebSocket(url));
    const crowd = new Crowd(sockets);
    await crowd.#hear(greetings, () => {});
    await Promise.all(sockets.map((socket) => isOpen(socket)));
    return crowd;
  }

  /** Publishes so many times, and waits until every one of them has heard as much. */
  async hears(times: number, publish: () => void): Promise<void> {
    await this.#hear(times, () => {
      for (let i = 0; i < times; i++) publish();
    });
  }

  async close(): Promise<void> {
    await Promise.all(this.#sockets.map((socket) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      socket.onclose = () => resolve();
      socket.close();
      return promise;
    }));
  }

  async #hear(each: number, publish: () => void): Promise<void> {
    if (each === 0) return;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#missing += each * this.#sockets.length;
    this.#done = resolve;
    const timer = setTimeout(
      () => reject(new Error(`${this.#missing} are missing`)),
      ROUND_MAX_MS,
    );
    publish();
    await promise.finally(() => clearTimeout(timer));
  }
}

async function isOpen(socket: WebSocket): Promise<void> {
  if (socket.readyState === WebSocket.OPEN) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  socket.onopen = () => resolve();
  await promise;
}

async function benchApart(times: number): Promise<string> {
  const context = contextOf("ada");
  const url = "data:text/javascript,export default ({ input }) => input * 2;";
  const echo = "data:text/javascript,onmessage = ({ data }) => postMessage(data * 2);";
  await using engine = new UserExecutionEngine({
    context,
    agents: new Map<string, AgentSource>([
      ["worker", { url }],
      ["process", { url, isolation: "process" }],
    ]),
    allowWorkers: true,
  });
  const ask = async (agentName: string) => {
    const { result, error } = await engine.executeAgent({ agentName, context }, 21);
    if (result !== 42) throw new Error(`${agentName} is wrong: ${error}`);
  };
  const [bareWorker, worker, bareProcess, process] = await measureSideBySide(times, [
    () => askWorker(echo),
    () => ask("worker"),
    () => askProcess(),
    () => ask("process"),
  ]) as [Figures, Figures, Figures, Figures];
  const row = (name: string, figures: Figures, bare: Figures) => [
    name,
    ms(figures.percentileMs(0.5)),
    ms(figures.percentileMs(0.99)),
    `${(figures.percentileMs(0.5) / bare.percentileMs(0.5)).toFixed(2)} × bare`,
  ];
  return table(`Agents apart, from the request to the result (${times} times, in turn)`, [
    "operation",
    "p50 ms",
    "p99 ms",
    "ratio of p50",
  ], [
    row("bare: worker that answers a message", bareWorker, bareWorker),
    row("agent in a worker", worker, bareWorker),
    row("bare: `deno run` of an empty program", bareProcess, bareProcess),
    row("agent in a process", process, bareProcess),
  ]);
}

async function askProcess(): Promise<void> {
  const args = ["run", "--quiet", "--no-prompt", "--no-config", "data:text/javascript,"];
  const { success } = await new Deno.Command(Deno.execPath(), { args }).output();
  if (!success) throw new Error("an empty program failed");
}

async function askWorker(url: string): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const options = { type: "module", deno: { permissions: "none" } } as const;
  const worker = new Worker(url, options as WorkerOptions);
  worker.onmessage = () => resolve();
  worker.postMessage(21);
  await promise;
  worker.terminate();
}

function contextOf(userId: string): UserExecutionContext {
  return new UserExecutionContext({ userId, threadId: `thread-${userId}`, runId: `run-${userId}` });
}

if (import.meta.main) {
  if (collect === undefined) throw new Error("Needs --v8-flags=--expose-gc");
  const times = Math.ceil(Number(Deno.args[0] ?? 300) / 10);
  const print = (text: string) => Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));
  print(await benchMemory());
  print(await benchSockets(times));
  print(await benchApart(times));
}
