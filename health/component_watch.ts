import type { Clock } from "../clock.ts";
import type { ComponentSetup } from "./component_options.ts";
import { type ComponentListener, HealthComponent } from "./health_component.ts";

/** Options of {@link ComponentWatch}. */
export interface ComponentWatchOptions {
  readonly clock: Clock;
  /** How many components there may be. */
  readonly componentsMax: number;
  /** Hears what happens to the components. */
  readonly listener: ComponentListener;
}

/** Looks at components when they are due: by itself while it runs, else when it is told. */
export class ComponentWatch {
  readonly #options: ComponentWatchOptions;
  readonly #components: Map<string, HealthComponent> = new Map();
  #ending: AbortController | null = null;
  #done: Promise<void> = Promise.resolve();
  #wakeAtMs = Infinity;
  #wake: () => void = () => {};

  constructor(options: ComponentWatchOptions) {
    this.#options = options;
  }

  get isRunning(): boolean {
    return this.#ending !== null;
  }

  /** The components, in the order in which they came. */
  get components(): readonly HealthComponent[] {
    return [...this.#components.values()];
  }

  get(name: string): HealthComponent | undefined {
    return this.#components.get(name);
  }

  /**
   * Watches a component, or watches it otherwise from now on.
   *
   * @throws {RangeError} when there are too many.
   */
  put(setup: ComponentSetup): void {
    const known = this.#components.get(setup.name);
    if (known) known.replace(setup);
    else this.#add(setup);
    this.#wake();
  }

  /** Forgets a component, once its check has ended. */
  async delete(name: string): Promise<boolean> {
    const component = this.#components.get(name);
    this.#components.delete(name);
    await component?.stop();
    return component !== undefined;
  }

  /** Starts looks at all components that are due. */
  lookAtDue(): void {
    const nowMs = this.#options.clock.monotonic();
    for (const component of this.#components.values()) {
      if (component.dueAtMs <= nowMs) void this.look(component);
    }
  }

  /** Looks at one component, due or not. */
  async look(component: HealthComponent): Promise<void> {
    await component.look();
    if (component.dueAtMs < this.#wakeAtMs) this.#wake();
  }

  /** Looks until it is stopped, and leaves nothing behind. */
  run(signal: AbortSignal | undefined): Promise<void> {
    if (this.isRunning) {
      const message = "Cannot run the health monitor: it runs already";
      return Promise.reject(new DOMException(message, "InvalidStateError"));
    }
    if (signal?.aborted) return Promise.resolve();
    const ending = new AbortController();
    const end = () => ending.abort();
    signal?.addEventListener("abort", end, { once: true });
    this.#ending = ending;
    this.#done = this.#watch(ending.signal).finally(() => {
      signal?.removeEventListener("abort", end);
      this.#ending = null;
    });
    return this.#done;
  }

  /** Ends the run, calls off looks under way, and waits for the end of both. */
  async stop(): Promise<void> {
    this.#ending?.abort();
    await this.#done.catch(() => {}); // Whoever called `run` hears of it.
    await this.#stopAll();
  }

  #add(setup: ComponentSetup): void {
    const { clock, componentsMax, listener } = this.#options;
    if (this.#components.size >= componentsMax) {
      throw new RangeError(
        `Cannot register "${setup.name}": there are ${componentsMax} components, which is the most`,
      );
    }
    const component = new HealthComponent(setup, clock, listener);
    if (this.isRunning) component.start();
    this.#components.set(setup.name, component);
  }

  async #watch(signal: AbortSignal): Promise<void> {
    signal.addEventListener("abort", () => this.#wake(), { once: true });
    try {
      for (const component of this.#components.values()) component.start();
      while (!signal.aborted) {
        this.lookAtDue();
        await this.#rest(signal);
      }
    } finally {
      await this.#stopAll();
    }
  }

  async #stopAll(): Promise<void> {
    await Promise.all(this.components.map((each) => each.stop()));
  }

  /** Waits until the next component is due, or something changes that. */
  async #rest(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const { clock } = this.#options;
    this.#wakeAtMs = this.components.reduce((ms, each) => Math.min(ms, each.dueAtMs), Infinity);
    await new Promise<void>((resolve) => {
      const cancel = this.#wakeAtMs === Infinity
        ? () => {}
        : clock.after(this.#wakeAtMs - clock.monotonic(), () => this.#wake());
      this.#wake = () => {
        cancel();
        resolve();
      };
    });
    this.#wake = () => {};
  }
}
