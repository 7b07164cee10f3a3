/** Something that must hold on every kind of store: a local file, or a server over the network. */
export interface Scenario {
  /** Says what holds. */
  readonly name: string;
  /**
   * Makes it happen with real processes, and fails when it does not hold.
   *
   * @param storePath Path or URL of an empty store.
   * @param leaseMs The lease of the processes, in ms.
   */
  readonly run: (storePath: string, leaseMs: number) => Promise<void>;
}
