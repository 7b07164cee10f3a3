import { drawFate, type SimFate } from "./sim_fault_fate.ts";
import { type SimFateScope, SimFaultPlan } from "./sim_fault_plan.ts";
import {
  checkFaults,
  drawSpan,
  SimFaultKind,
  type SimFaultReport,
  type SimFaults,
  type SimOperation,
} from "./sim_faults.ts";
import type { SimCut } from "./sim_kv.ts";
import {
  badResource,
  connectError,
  databaseLocked,
  replyLost,
  requestLost,
  storeAway,
} from "./sim_kv_errors.ts";
import type { SimStoreState } from "./sim_store_state.ts";
import type { SimTime } from "./sim_time.ts";

/** What a {@link SimKvLink} is made of. */
export interface SimKvLinkOptions {
  /** The store's true state. */
  readonly state: SimStoreState;
  /** True time. */
  readonly time: SimTime;
  /** Draws fates; values in [0, 1). */
  readonly random: () => number;
  /** Which kind of client the process has. */
  readonly client: "local" | "connect";
  /** What befalls calls, unless the link has faults of its own. */
  readonly defaultFaults: () => SimFaults;
  /** Runs something in the process, as soon as it is not frozen. */
  readonly whenThawed: (run: () => void) => void;
  /** Told of each fault. */
  readonly onFault: (report: SimFaultReport) => void;
}

/** A call that is under way. */
interface SimCall<T> {
  readonly operation: SimOperation;
  readonly key: Deno.KvKey;
  /** Does it, at the store. */
  readonly apply: () => T;
  readonly resolve: (result: T) => void;
  readonly reject: (error: unknown) => void;
}

const HEAVY_TAIL_FACTOR = 20;
/** Pauses of the client of KV Connect between attempts: it never makes them longer. */
const RETRY_PAUSE = { minMs: 200, maxMs: 300 };

/** What lies between one process and the store: where calls are delayed, lost and repeated. */
export class SimKvLink {
  /** How the process left the store; null while it uses it. */
  ended: "closed" | "dead" | "crashed" | null = null;
  readonly #options: SimKvLinkOptions;
  readonly #plan = new SimFaultPlan();
  #faults: SimFaults | undefined;
  #cut: SimCut = "none";

  /** @param options The two ends. */
  constructor(options: SimKvLinkOptions) {
    this.#options = options;
  }

  /** What befalls calls. */
  get faults(): SimFaults {
    return this.#faults ?? this.#options.defaultFaults();
  }

  set faults(faults: SimFaults) {
    checkFaults(faults);
    this.#faults = faults;
  }

  /** What does not arrive. */
  get cut(): SimCut {
    return this.#cut;
  }

  set cut(cut: SimCut) {
    this.#cut = cut;
  }

  /** Plans the fate of the next attempts, after those that were planned before. */
  plan(fate: SimFate, scope: SimFateScope): void {
    this.#plan.add(fate, scope);
  }

  /** Forgets every planned fate. */
  clearPlan(): void {
    this.#plan.clear();
  }

  /** Draws whether something happens. */
  draw(probability: number | undefined): boolean {
    return probability !== undefined && probability > 0 && this.#options.random() < probability;
  }

  /** Reports a fault. */
  report(kind: SimFaultKind, operation: SimOperation, key: Deno.KvKey): void {
    this.#options.onFault({ kind, atMs: this.#options.time.nowMs, operation, key });
  }

  /**
   * Refuses what a handle that is closed or dead is asked for.
   *
   * @throws {Deno.errors.BadResource} when it is.
   */
  checkOpen(): void {
    if (this.ended === "closed" || this.ended === "dead") throw badResource();
  }

  /**
   * Makes a call on a handle that is open.
   *
   * @param operation Which one.
   * @param key Its first key, for reports.
   * @param apply Does it, at the store; called once for each time that it arrives.
   * @returns What `apply` returned, if the answer arrives.
   */
  call<T>(operation: SimOperation, key: Deno.KvKey, apply: () => T): Promise<T> {
    if (this.ended === "crashed") return new Promise(() => {}); // one for each: a shared one would keep all who wait for it
    if (this.#isUnhindered()) {
      try {
        return Promise.resolve(apply());
      } catch (error) {
        return Promise.reject(this.#clientError(error));
      }
    }
    return new Promise((resolve, reject) => {
      this.#attempt({ operation, key, apply, resolve, reject });
    });
  }

  /** Waits as long as a message from the store to the process takes. */
  travel(): Promise<void> {
    const { latency } = this.faults;
    if (!latency) return new Promise((resolve) => this.#inProcess(resolve));
    return this.pause(drawSpan(latency, this.#options.random) / 2);
  }

  /** Waits in the process. */
  pause(ms: number): Promise<void> {
    return new Promise((resolve) => this.#after(ms, () => this.#inProcess(resolve)));
  }

  /** Draws a duration. */
  drawMs(span: { readonly minMs: number; readonly maxMs: number }): number {
    return drawSpan(span, this.#options.random);
  }

  #isUnhindered(): boolean {
    if (!this.#plan.isEmpty || this.#cut !== "none" || !this.#options.state.isUp) return false;
    const { latency, busy, lostRequest, lostReply, zombie, hang } = this.faults;
    return !(latency || busy || lostRequest || lostReply || zombie || hang);
  }

  #attempt<T>(call: SimCall<T>): void {
    const { client, random } = this.#options;
    const fate = this.#plan.take(call.operation) ??
      drawFate(this.faults, call.operation, client, random);
    const { requestMs, replyMs } = this.#drawLatency(call);
    if (fate.kind !== "done") this.report(fate.kind, call.operation, call.key);
    switch (fate.kind) {
      case "done":
        return this.#send(call, requestMs, replyMs);
      case "slow":
        return this.#send(call, requestMs + fate.byMs / 2, replyMs + fate.byMs / 2);
      case "busy":
        return this.#fail(call, requestMs + replyMs, databaseLocked());
      case "error":
        return this.#fail(call, requestMs + replyMs, fate.error);
      case "lostRequest":
        return this.#after(requestMs + replyMs, () => this.#retryOrFail(call, requestLost));
      case "lostReply":
        return this.#after(requestMs, () => this.#arrive(call, replyMs, false));
      case "zombie": {
        const answer = fate.isAnswered ? call : { ...call, resolve: ignore, reject: ignore };
        return this.#after(requestMs + fate.delayMs, () => this.#arrive(answer, replyMs, true));
      }
      case "hang":
        return;
      default: {
        const impossible: never = fate;
        throw new Error(`Cannot deal out ${JSON.stringify(impossible)}`);
      }
    }
  }

  #drawLatency<T>(call: SimCall<T>): { readonly requestMs: number; readonly replyMs: number } {
    const { latency } = this.faults;
    if (!latency) return NO_LATENCY;
    const { random } = this.#options;
    const { maxMs, heavyTailMaxMs = HEAVY_TAIL_FACTOR * maxMs } = latency;
    const isSlow = this.draw(latency.heavyTailShare);
    if (isSlow) this.report(SimFaultKind.SLOW, call.operation, call.key);
    const ms = drawSpan(isSlow ? { minMs: maxMs, maxMs: heavyTailMaxMs } : latency, random);
    const requestMs = ms * random();
    return { requestMs, replyMs: ms - requestMs };
  }

  #send<T>(call: SimCall<T>, requestMs: number, replyMs: number): void {
    const wasCut = this.#isCut("requests");
    this.#after(requestMs, () => {
      if (!wasCut && !this.#isCut("requests")) return this.#arrive(call, replyMs, true);
      this.report(SimFaultKind.CUT, call.operation, call.key);
      this.#after(replyMs, () => this.#retryOrFail(call, requestLost));
    });
  }

  /** The request is at the store; on a local file that is in the process, which may be frozen. */
  #arrive<T>(call: SimCall<T>, replyMs: number, isReplied: boolean): void {
    if (this.#options.client === "connect") this.#apply(call, replyMs, isReplied);
    else this.#options.whenThawed(() => this.#apply(call, replyMs, isReplied));
  }

  #apply<T>(call: SimCall<T>, replyMs: number, isReplied: boolean): void {
    if (!this.#options.state.isUp) {
      this.report(SimFaultKind.OUTAGE, call.operation, call.key);
      return this.#after(replyMs, () => this.#retryOrFail(call, storeAway));
    }
    let answer: () => void;
    try {
      const result = call.apply();
      answer = () => call.resolve(result);
    } catch (error) {
      answer = () => call.reject(this.#clientError(error));
    }
    const wasCut = this.#isCut("replies");
    this.#after(replyMs, () => {
      if (!isReplied) return this.#retryOrFail(call, replyLost);
      if (!wasCut && !this.#isCut("replies")) return this.#deliver(call, answer);
      this.report(SimFaultKind.CUT, call.operation, call.key);
      this.#retryOrFail(call, replyLost);
    });
  }

  #fail<T>(call: SimCall<T>, ms: number, error: Error): void {
    this.#after(ms, () => this.#deliver(call, () => call.reject(error)));
  }

  /** A local client throws; one of KV Connect tries again for ever, even after it was closed. */
  #retryOrFail<T>(call: SimCall<T>, makeError: () => Error): void {
    if (this.#options.client === "local") {
      return this.#deliver(call, () => call.reject(makeError()));
    }
    this.#after(this.drawMs(RETRY_PAUSE), () =>
      this.#inProcess(() => {
        if (this.ended === "dead") return call.reject(badResource());
        this.report(SimFaultKind.RETRY, call.operation, call.key);
        this.#attempt(call);
      }));
  }

  #deliver<T>(call: SimCall<T>, answer: () => void): void {
    this.#inProcess(() => this.ended === "dead" ? call.reject(badResource()) : answer());
  }

  #inProcess(run: () => void): void {
    this.#options.whenThawed(() => {
      if (this.ended !== "crashed") run();
    });
  }

  #isCut(way: "requests" | "replies"): boolean {
    return this.#cut === "both" || this.#cut === way;
  }

  #after(ms: number, run: () => void): void {
    if (ms > 0) this.#options.time.after(ms, run);
    else run();
  }

  /** What the client makes of an error of the store: the one of KV Connect gives it as text. */
  #clientError(error: unknown): unknown {
    if (this.#options.client === "local" || !(error instanceof Error)) return error;
    return connectError(error);
  }
}

const NO_LATENCY = { requestMs: 0, replyMs: 0 };

function ignore(): void {}
