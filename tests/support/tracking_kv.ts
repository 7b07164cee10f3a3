import { setImmediate } from "node:timers";
import type { Fault } from "./faults.ts";

/** An atomic operation as it was sent. */
export interface SentCommit {
  readonly checks: readonly Deno.AtomicCheck[];
  readonly sets: readonly {
    readonly key: Deno.KvKey;
    readonly value: unknown;
    readonly expireIn?: number | undefined;
  }[];
  readonly deletes: readonly Deno.KvKey[];
}

/** Counts the calls that the store is working on, over several handles. */
export class FlightCounter {
  #inFlight = 0;

  /** Runs a call and counts it until it is answered. */
  async track<T>(call: () => Promise<T>): Promise<T> {
    this.#inFlight++;
    try {
      return await call();
    } finally {
      this.#inFlight--;
    }
  }

  /** Resolves when no call is under way and nothing follows from the last one. */
  readonly settle = async (): Promise<void> => {
    for (let quietTurns = 0; quietTurns < QUIET_TURNS;) {
      await new Promise<void>((resolve) => void setImmediate(resolve));
      quietTurns = this.#inFlight === 0 ? quietTurns + 1 : 0;
    }
  };
}

const QUIET_TURNS = 3;

/** Options of {@link TrackingKv}. */
export interface TrackingKvOptions {
  /** Counts calls in flight. */
  readonly flights?: FlightCounter;
  /** Whether `watch` tells of changes; without it the stream stays silent. */
  readonly watch?: boolean;
  /** How many checks an atomic operation may have. */
  readonly maxChecks?: number;
}

/** Which calls a fault is for. */
export interface FaultScope {
  /** How many calls it befalls. */
  readonly times?: number;
  /** Only commits that this is true of. */
  readonly only?: (commit: SentCommit) => boolean;
}

interface Plan {
  readonly fault: Fault;
  timesLeft: number;
  readonly only: (commit: SentCommit) => boolean;
}

const ALL_OF_THEM = Infinity;

/**
 * A handle on a store that counts what is asked of it and breaks on demand. Give each simulated
 * process one of its own: what a process shares is found by its handle.
 */
export class TrackingKv {
  /** The handle to hand out. */
  readonly kv: Deno.Kv;
  /** Every atomic operation that was sent through this handle, in order. */
  readonly sent: SentCommit[] = [];
  /** How often something was read. */
  reads = 0;
  readonly #inner: Deno.Kv;
  readonly #flights: FlightCounter;
  readonly #options: TrackingKvOptions;
  readonly #commitPlans: Plan[] = [];
  readonly #readPlans: Plan[] = [];

  constructor(inner: Deno.Kv, options: TrackingKvOptions = {}) {
    this.#inner = inner;
    this.#options = options;
    this.#flights = options.flights ?? new FlightCounter();
    this.kv = this.#wrapHandle();
  }

  /** Breaks the next commits, after those that were planned before. */
  onCommit(fault: Fault, { times = 1, only = () => true }: FaultScope = {}): void {
    this.#commitPlans.push({ fault, timesLeft: times, only });
  }

  /** Breaks the next reads, after those that were planned before. */
  onRead(fault: Fault, { times = 1 }: FaultScope = {}): void {
    this.#readPlans.push({ fault, timesLeft: times, only: () => true });
  }

  /** Breaks everything from now on. */
  breakDown(fault: Fault): void {
    this.onCommit(fault, { times: ALL_OF_THEM });
    this.onRead(fault, { times: ALL_OF_THEM });
  }

  /** Forgets every planned fault. */
  heal(): void {
    this.#commitPlans.length = 0;
    this.#readPlans.length = 0;
  }

  #wrapHandle(): Deno.Kv {
    const inner = this.#inner;
    const own: Partial<Record<keyof Deno.Kv, unknown>> = {
      get: (key: Deno.KvKey, options?: { consistency?: Deno.KvConsistencyLevel }) =>
        this.#read(() => inner.get(key, options)),
      getMany: (keys: readonly Deno.KvKey[]) => this.#read(() => inner.getMany([...keys])),
      list: (selector: Deno.KvListSelector, options?: Deno.KvListOptions) =>
        this.#list(inner.list(selector, options)),
      atomic: () => this.#atomic(),
      watch: (keys: readonly Deno.KvKey[]) =>
        this.#options.watch ? inner.watch([...keys]) : new ReadableStream(),
    };
    return new Proxy(inner, {
      get(target, property) {
        const value = own[property as keyof Deno.Kv] ?? Reflect.get(target, property);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
  }

  async #read<T>(read: () => Promise<T>): Promise<T> {
    this.reads++;
    const apply = () => this.#flights.track(read);
    const fault = takeFault(this.#readPlans, NO_COMMIT);
    return await (fault ? fault(apply) : apply());
  }

  async *#list<T>(entries: Deno.KvListIterator<T>): AsyncGenerator<Deno.KvEntry<T>> {
    const first = await this.#read(() => entries.next());
    for (let next = first; !next.done; next = await this.#flights.track(() => entries.next())) {
      yield next.value;
    }
  }

  #atomic(): Deno.AtomicOperation {
    const operation = this.#inner.atomic();
    const sent = {
      checks: [] as Deno.AtomicCheck[],
      sets: [] as { key: Deno.KvKey; value: unknown; expireIn?: number | undefined }[],
      deletes: [] as Deno.KvKey[],
    };
    const own: Record<string, unknown> = {
      check: (...checks: Deno.AtomicCheck[]) => {
        sent.checks.push(...checks);
        operation.check(...checks);
        return wrapped;
      },
      set: (key: Deno.KvKey, value: unknown, options?: { expireIn?: number }) => {
        operation.set(key, value, options);
        sent.sets.push({ key, value, expireIn: options?.expireIn });
        return wrapped;
      },
      delete: (key: Deno.KvKey) => {
        operation.delete(key);
        sent.deletes.push(key);
        return wrapped;
      },
      commit: () => this.#commit(operation, sent),
    };
    const wrapped: Deno.AtomicOperation = new Proxy(operation, {
      get(target, property) {
        if (own[String(property)]) return own[String(property)];
        const value: unknown = Reflect.get(target, property);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
    return wrapped;
  }

  async #commit(
    operation: Deno.AtomicOperation,
    sent: SentCommit,
  ): Promise<Deno.KvCommitResult | Deno.KvCommitError> {
    this.sent.push(sent);
    const { maxChecks = Infinity } = this.#options;
    if (sent.checks.length > maxChecks) {
      throw new TypeError(`Too many checks (max ${maxChecks})`);
    }
    const apply = () => this.#flights.track(() => operation.commit());
    const fault = takeFault(this.#commitPlans, sent);
    return await (fault ? fault(apply) : apply());
  }
}

const NO_COMMIT: SentCommit = { checks: [], sets: [], deletes: [] };

function takeFault(plans: Plan[], commit: SentCommit): Fault | undefined {
  const plan = plans.find(({ timesLeft, only }) => timesLeft > 0 && only(commit));
  if (!plan) return undefined;
  plan.timesLeft--;
  return plan.fault;
}

/** @returns Whether a commit writes or removes something whose key ends so. */
export function touches(...ending: readonly Deno.KvKeyPart[]): (commit: SentCommit) => boolean {
  const endsSo = (key: Deno.KvKey) =>
    ending.every((part, index) => key[key.length - ending.length + index] === part);
  return ({ sets, deletes }) => sets.some(({ key }) => endsSo(key)) || deletes.some(endsSo);
}
