/** Something that happened outside, as an orchestrator is told of it. */
export type OrchestratorEvent =
  & {
    /** What kind of thing happened. */
    readonly type: string;
  }
  & Readonly<Record<string, unknown>>;

/** Options of {@link Orchestrator.run}. */
export interface RunOptions {
  /** Ends the run, as {@link Orchestrator.stop} does. */
  readonly signal?: AbortSignal;
}

/** Watches something, decides, and acts. */
export interface Orchestrator {
  /**
   * Works until it is stopped. Called while it runs, it gives the run under way.
   *
   * @param options What ends it.
   * @returns When all has come to rest.
   */
  run(options?: RunOptions): Promise<void>;

  /** Asks the run to end; it is over when {@link Orchestrator.run} resolves. Idempotent. */
  stop(): void;

  /**
   * Tells it of something. What it does not understand is counted and has no effect.
   *
   * @param event What happened.
   * @returns When it has been dealt with: what it led to is over, but for an anomaly, which is on
   * record then.
   */
  handleEvent(event: OrchestratorEvent): Promise<void>;

  /**
   * Says how it stands.
   *
   * @returns Plain data with wire keys.
   */
  getStatus(): object;

  /**
   * Says what it counted.
   *
   * @returns Plain data with wire keys.
   */
  getMetrics(): object;
}
