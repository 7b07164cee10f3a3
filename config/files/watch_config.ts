import { type Clock, systemClock } from "../../clock.ts";
import { IssueSeverity } from "../../enums/issue_severity.ts";
import { inTime } from "../in_time.ts";
import { IsolatedListeners } from "../isolated_listeners.ts";
import { ConfigError } from "./config_error.ts";
import type { ConfigFault } from "./config_fault.ts";
import type { ConfigSchema } from "./config_schema.ts";
import { loadConfig, type LoadConfigOptions } from "./load_config.ts";
import { type LoadedConfig, maxBytesOf } from "./parse_config.ts";
import { readConfigText } from "./read_config_text.ts";

/** What happened to a watched file. */
export type ConfigEvent<T> =
  | {
    /** The file changed, and what it says is in force. */
    readonly kind: "changed";
    /** What is in force now. */
    readonly current: LoadedConfig<T>;
    /** What was in force before. */
    readonly previous: LoadedConfig<T>;
  }
  | {
    /** The file changed or went away and cannot be used: what was in force stays so. */
    readonly kind: "rejected";
    /** What is wrong with it. */
    readonly faults: readonly ConfigFault[];
  };

/** Options of {@link watchConfig}. */
export interface WatchConfigOptions extends Omit<LoadConfigOptions, "optional"> {
  /**
   * How often the file is read, in ms.
   *
   * @default 1_000
   */
  readonly pollMs?: number;
  /**
   * How long the file must stay as it is before it is used, in ms: editors write in several steps.
   * A file that does not come to rest within fifty looks is used, or rejected, as it is.
   *
   * @default 200
   */
  readonly debounceMs?: number;
  /**
   * How long a look at the file may take, checks included, in ms. One that takes longer is rejected
   * as a file that cannot be read.
   *
   * @default 10_000
   */
  readonly lookTimeoutMs?: number;
  /**
   * Times the reading.
   *
   * @default systemClock
   */
  readonly clock?: Clock;
}

/** A configuration that follows its file. Dispose of it to stop. */
export interface ConfigWatch<T> extends AsyncDisposable {
  /** What is in force. Replaced whole. */
  readonly current: LoadedConfig<T>;
  /** Why the file as it stands is not in force; none when it is. */
  readonly faults: readonly ConfigFault[];
  /**
   * How often a listener threw or rejected, or missed an event because sixteen before it were still
   * pending; it is called again all the same.
   */
  readonly listenerErrorCount: number;
  /**
   * Listens. Events come one at a time, after the change has taken place.
   *
   * @param listener Told of each event; it must not block.
   * @returns Stops listening.
   */
  subscribe(listener: (event: ConfigEvent<T>) => void): () => void;
}

/**
 * Loads a file and follows its changes: each is read as a whole, checked, and put in force in one
 * step, or rejected with what was in force left so. A file that goes away is rejected as well.
 *
 * The file is read again and again, and compared: nothing else in its folder is touched, whatever
 * way an editor replaces it. Not noticed: a change that was undone within `pollMs`, and a change of
 * environment variables alone.
 *
 * @param path The file.
 * @param schema What it must look like.
 * @param options How often to look.
 * @returns The watch, with the file in force.
 * @throws {ConfigError} when the file cannot be used at the start.
 * @throws {RangeError} when a time is no number above 0.
 *
 * @example Follow a file
 * ```ts
 * import { recoverySchema, watchConfig } from "@baton/orchestration/config";
 * import { FakeClock } from "@baton/orchestration/testing";
 *
 * const clock = new FakeClock();
 * let text = "enabled: true";
 * await using watch = await watchConfig("recovery.yaml", recoverySchema, {
 *   clock,
 *   readText: () => Promise.resolve(text),
 * });
 * text = "enabled: false";
 * await clock.advance(2_000);
 * if (watch.current.config.enabled) throw new Error("the change went unnoticed");
 * ```
 */
export async function watchConfig<T>(
  path: string,
  schema: ConfigSchema<T>,
  options: WatchConfigOptions = {},
): Promise<ConfigWatch<T>> {
  checkTimes(options);
  const watch = new PollingWatch(path, schema, { ...options });
  await watch.start();
  return watch;
}

const POLL_MS = 1_000;
const DEBOUNCE_MS = 200;
const LOOK_TIMEOUT_MS = 10_000;

/** How often a file that goes on changing is looked at before it is taken as it is. */
const LOOKS_MAX = 50;

function checkTimes(options: WatchConfigOptions): void {
  for (const name of ["pollMs", "debounceMs", "lookTimeoutMs"] as const) {
    const value = options[name];
    if (value === undefined || (Number.isFinite(value) && value > 0)) continue;
    throw new RangeError(`${name} must be a number of ms above 0, got ${value}`);
  }
}

/** What a file holds: its text, or the error that reading it gave. */
type Content = { readonly text: string } | { readonly error: unknown };

class PollingWatch<T> implements ConfigWatch<T> {
  readonly #path: string;
  readonly #schema: ConfigSchema<T>;
  readonly #options: WatchConfigOptions;
  readonly #clock: Clock;
  readonly #ended = new AbortController();
  readonly #listeners = new IsolatedListeners<ConfigEvent<T>>();
  #current: LoadedConfig<T> | undefined;
  #faults: readonly ConfigFault[] = [];
  #seen = "";
  #reading: Promise<Content> | null = null;
  #polling: Promise<void> = Promise.resolve();

  constructor(path: string, schema: ConfigSchema<T>, options: WatchConfigOptions) {
    this.#path = path;
    this.#schema = schema;
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
  }

  get current(): LoadedConfig<T> {
    return this.#current!;
  }

  get faults(): readonly ConfigFault[] {
    return this.#faults;
  }

  get listenerErrorCount(): number {
    const { listener_faults_total, listener_drops_total } = this.#listeners.metrics;
    return listener_faults_total + listener_drops_total;
  }

  async start(): Promise<void> {
    const content = await this.#look();
    this.#current = await this.#inTime(this.#load(content));
    this.#seen = fingerprint(content);
    this.#polling = this.#poll();
  }

  subscribe(listener: (event: ConfigEvent<T>) => void): () => void {
    return this.#listeners.add(listener);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended.abort();
    this.#listeners.clear();
    await this.#polling;
  }

  async #poll(): Promise<void> {
    const { pollMs = POLL_MS } = this.#options;
    while (await this.#pause(pollMs)) {
      const content = await this.#settled();
      if (content === null || this.#ended.signal.aborted) continue;
      this.#seen = fingerprint(content);
      await this.#apply(content);
    }
  }

  /** @returns Whether to go on. */
  async #pause(ms: number): Promise<boolean> {
    const { signal } = this.#ended;
    await this.#clock.sleep(ms, { signal }).catch(() => {});
    return !signal.aborted;
  }

  /** @returns What the file holds once it is at rest; null when that is nothing new. */
  async #settled(): Promise<Content | null> {
    const { debounceMs = DEBOUNCE_MS } = this.#options;
    let before = await this.#look();
    for (let looks = 1; fingerprint(before) !== this.#seen; looks++) {
      if (!await this.#pause(debounceMs)) return null;
      const now = await this.#look();
      if (fingerprint(now) === fingerprint(before) || looks === LOOKS_MAX) return now;
      before = now;
    }
    return null;
  }

  async #look(): Promise<Content> {
    // While one reading hangs no other begins: they would pile up.
    this.#reading ??= this.#read().finally(() => this.#reading = null);
    try {
      return await this.#inTime(this.#reading);
    } catch (error) {
      return { error };
    }
  }

  async #read(): Promise<Content> {
    const { readText = readConfigText } = this.#options;
    try {
      return { text: await readText(this.#path, maxBytesOf(this.#options)) };
    } catch (error) {
      return { error };
    }
  }

  #inTime<R>(work: Promise<R>): Promise<R> {
    const { lookTimeoutMs = LOOK_TIMEOUT_MS } = this.#options;
    return inTime(work, {
      clock: this.#clock,
      timeoutMs: lookTimeoutMs,
      signal: this.#ended.signal,
    });
  }

  /** Loads what was seen, and not what the file may hold by now. */
  #load(content: Content): Promise<LoadedConfig<T>> {
    const readText = () =>
      "text" in content ? Promise.resolve(content.text) : Promise.reject(content.error);
    return loadConfig(this.#path, this.#schema, { ...this.#options, readText });
  }

  async #apply(content: Content): Promise<void> {
    const previous = this.current;
    try {
      const current = await this.#inTime(this.#load(content));
      this.#current = current;
      this.#faults = [];
      this.#listeners.tell({ kind: "changed", current, previous });
    } catch (error) {
      if (this.#ended.signal.aborted) return;
      this.#faults = error instanceof ConfigError ? error.faults : [this.#schemaFailure(error)];
      this.#listeners.tell({ kind: "rejected", faults: this.#faults });
    }
  }

  /** A schema or rule that throws must not end the watch: a later file may be read well. */
  #schemaFailure(error: unknown): ConfigFault {
    return Object.freeze({
      file: this.#path,
      line: 0,
      column: 0,
      path: "",
      severity: IssueSeverity.ERROR,
      message: `the schema "${this.#schema.name}" failed`,
      got: String(error),
      expected: "an answer",
    });
  }
}

function fingerprint(content: Content): string {
  return "text" in content ? `text ${content.text}` : `error ${String(content.error)}`;
}
