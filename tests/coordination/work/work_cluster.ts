import { MemberStatus } from "../../../enums/member_status.ts";
import { NodeInfo, type NodeInfoFields } from "../../../coordination/node_info.ts";
import type { Term } from "../../../coordination/term.ts";
import type { Claim } from "../../../coordination/work/claim.ts";
import type { WorkLimitsOptions } from "../../../coordination/work/work_limits.ts";
import { WorkKeys } from "../../../coordination/work/work_keys.ts";
import type { WorkOptions } from "../../../coordination/work/work_options.ts";
import { WorkQueue } from "../../../coordination/work/work_queue.ts";
import { TestStore } from "../../support/test_store.ts";
import type { TrackingKv, TrackingKvOptions } from "../../support/tracking_kv.ts";

const TERM_KEY = ["baton", "cluster", "c", "election", "leader", "term"];
/** Leases of 900 ms, attempts of 150, polls of 500, leaders' rounds of 300. */
const TIMING = {
  leaseMs: 900,
  attemptTimeoutMs: 150,
  safetyPollMs: 500,
  blindPollMs: 100,
  debounceMs: 10,
};
const INTERVAL_MS = 300;

/** A member as the leader meets it. */
export function member(
  fields: Partial<NodeInfoFields> & { readonly instanceId: string },
): NodeInfo {
  return new NodeInfo({
    isLeader: false,
    healthScore: 1,
    status: MemberStatus.ALIVE,
    lastHeartbeat: "2026-01-01T00:00:00.000Z",
    incarnation: `${fields.instanceId}-1`,
    labels: {},
    load: 0,
    takesWork: true,
    state: null,
    ...fields,
  });
}

/** One process of a {@link WorkCluster}. */
export interface WorkNode {
  readonly queue: WorkQueue;
  readonly handle: TrackingKv;
}

/** Processes with a part in a cluster's work, without the rest of the coordinator. */
export class WorkCluster implements AsyncDisposable {
  readonly test: TestStore;
  readonly keys = new WorkKeys("c");
  /** Who is registered, as every node reads it. */
  readonly members: Map<string, NodeInfo> = new Map();
  /** For how long nobody takes the processes for dead, in ms. */
  standingMs = Infinity;
  readonly #nodes: WorkNode[] = [];
  readonly #terms: Map<WorkQueue, Term> = new Map();
  readonly #reigns: Map<WorkQueue, AbortController> = new Map();
  readonly #ended = new AbortController();
  readonly #runs: Promise<void>[] = [];
  #term = 0;

  private constructor(test: TestStore) {
    this.test = test;
  }

  static async open(): Promise<WorkCluster> {
    const test = await TestStore.open();
    bindSums(test.raw);
    return new WorkCluster(test);
  }

  /** Registers a member that takes work, whether or not there is a process behind it. */
  register(instanceId: string, fields: Partial<NodeInfoFields> = {}): void {
    this.members.set(instanceId, member({ instanceId, ...fields }));
  }

  /** Starts a process. It counts as a member that takes work once it is registered. */
  node(
    instanceId: string,
    limits: WorkLimitsOptions = {},
    kvOptions: TrackingKvOptions = {},
  ): WorkNode {
    const handle = this.test.handle({ watch: true, ...kvOptions });
    const queue: WorkQueue = new WorkQueue({
      store: this.test.port(handle),
      random: () => 0.5,
      cluster: "c",
      instanceId,
      incarnation: () => this.members.get(instanceId)?.incarnation ?? `${instanceId}-1`,
      timing: TIMING,
      intervalMs: INTERVAL_MS,
      storePath: ":memory:",
      term: () => this.#terms.get(queue) ?? null,
      members: () => Promise.resolve([...this.members.values()]),
      standingMs: () => this.standingMs,
      announce: () => Promise.resolve(),
      limits,
    });
    const node = { queue, handle };
    this.#nodes.push(node);
    return node;
  }

  /** Makes a process the leader in the store, and in its own eyes. Others still believe what they did. */
  async elect({ queue }: WorkNode): Promise<Term> {
    await this.test.raw.set(TERM_KEY, { term: ++this.#term });
    const { versionstamp } = await this.test.raw.get(TERM_KEY);
    this.#reigns.get(queue)?.abort();
    const reign = new AbortController();
    this.#reigns.set(queue, reign);
    const term = {
      term: this.#term,
      check: { key: TERM_KEY, versionstamp },
      signal: AbortSignal.any([reign.signal, this.#ended.signal]),
      isValid: () => true,
    } as unknown as Term;
    this.#terms.set(queue, term);
    return term;
  }

  /** Lets a process know that it leads no more. */
  depose({ queue }: WorkNode): void {
    this.#terms.delete(queue);
  }

  /** Makes a process the leader and lets it do what a leader does about work. */
  async lead(node: WorkNode): Promise<Term> {
    const term = await this.elect(node);
    this.#runs.push(node.queue.desk.run(term, this.#ended.signal));
    return term;
  }

  /** Takes the next claims of a process; the loop goes on. */
  loop({ queue }: WorkNode, options: WorkOptions = {}): ClaimReader {
    const ended = new AbortController();
    const signal = AbortSignal.any([this.#ended.signal, ended.signal]);
    const claims = queue.work({ ...options, signal });
    return new ClaimReader(this.test, claims, ended);
  }

  /** Waits for what needs no time to pass: every wait on the way is ended by a hint. */
  async atOnce<T>(promise: Promise<T>): Promise<T> {
    let isSettled = false;
    const done = () => isSettled = true;
    promise.then(done, done);
    for (let turns = 0; !isSettled && turns < 5_000; turns++) await this.test.settle();
    if (!isSettled) throw new Error("nothing comes of it before time passes");
    return await promise;
  }

  /** What the counter of unfinished items must equal: those in the store that are unfinished. */
  async unfinished(): Promise<number> {
    let count = 0;
    for await (
      const { value } of this.test.raw.list<{ status: string }>({ prefix: this.keys.items })
    ) {
      if (!["completed", "dead"].includes(value.status)) count++;
    }
    return count;
  }

  /** The counter of unfinished items. */
  async backlog(): Promise<number> {
    const { value } = await this.test.raw.get<Deno.KvU64>(this.keys.backlog);
    return Number(BigInt.asIntN(64, value?.value ?? 0n));
  }

  /** How many entries there are below a prefix. */
  async count(prefix: Deno.KvKey): Promise<number> {
    const entries = await Array.fromAsync(this.test.raw.list({ prefix }));
    return entries.length;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended.abort();
    await this.test.until(Promise.all([
      ...this.#runs,
      ...this.#nodes.map(({ queue }) => queue[Symbol.asyncDispose]()),
    ]));
    await this.test.clock.advance(1_000);
    this.test.raw.close();
  }
}

/** Reads claims from a loop one by one, letting time pass meanwhile. */
export class ClaimReader implements AsyncDisposable {
  readonly #test: TestStore;
  readonly #claims: AsyncGenerator<Claim, void, undefined>;
  readonly #ended: AbortController;
  #asked: Promise<IteratorResult<Claim, void>> | undefined;

  constructor(
    test: TestStore,
    claims: AsyncGenerator<Claim, void, undefined>,
    ended: AbortController,
  ) {
    this.#test = test;
    this.#claims = claims;
    this.#ended = ended;
  }

  /** The next claim. */
  async next(maxMs = 10_000, stepMs = 25): Promise<Claim> {
    const { value } = await this.#test.until(this.ask(), maxMs, stepMs);
    this.#asked = undefined;
    if (!value) throw new Error("the loop has ended");
    return value;
  }

  /** The next claim; undefined when there is none in time. A claim that comes later is kept. */
  async poll(maxMs = 100): Promise<Claim | undefined> {
    const claim = this.next(maxMs, 1);
    return await claim.catch((error) => {
      if (/still pending|has ended/.test(error.message)) return undefined;
      throw error;
    });
  }

  /** Asks for the next claim. */
  ask(): Promise<IteratorResult<Claim, void>> {
    return this.#asked ??= this.#claims.next();
  }

  /** Ends the loop, as leaving it does. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended.abort();
    await this.#test.until(this.#claims.return());
  }
}

/** `TrackingKv` hands on `sum` without its operation; so each operation gets one of its own. */
function bindSums(kv: Deno.Kv): void {
  const atomic = kv.atomic.bind(kv);
  const value = (): Deno.AtomicOperation => {
    const operation = atomic();
    const sum = operation.sum.bind(operation);
    return Object.defineProperty(operation, "sum", {
      value: sum,
      configurable: true,
      writable: true,
    });
  };
  Object.defineProperty(kv, "atomic", { value, configurable: true, writable: true });
}
