/** How an engine was used when it was last looked at. */
export interface SeenUse {
  /** How many agents it had been asked for. */
  readonly executions: number;
  /** Whether it was busy. */
  readonly wasBusy: boolean;
  /** Since when it was idle, in monotonic ms. */
  readonly idleSinceMs: number;
}

/** How an engine is used now. */
export interface EngineUse {
  /** How many agents it has been asked for. */
  readonly executions: number;
  /** Whether it must not be taken away. */
  readonly isBusy: boolean;
}

/** What becomes of an engine. */
export type UseVerdict =
  | {
    /** It stays; this is how it was seen. */
    readonly kind: "keep";
    /** To be compared with the next time. */
    readonly seen: SeenUse;
  }
  | {
    /** It has been idle for too long. */
    readonly kind: "reclaim";
  };

/**
 * Decides what becomes of an engine by how it is used. Pure. A busy one is never reclaimed; one that
 * was used at the last look, or since, counts as idle from now on, since nobody knows when that ended.
 *
 * @param seen How it was used when it was last looked at.
 * @param use How it is used now.
 * @param nowMs Now, in monotonic ms.
 * @param idleMs How long it may be idle, in ms.
 * @returns The verdict.
 */
export function judgeUse(
  seen: SeenUse,
  use: EngineUse,
  nowMs: number,
  idleMs: number,
): UseVerdict {
  const { executions, isBusy: wasBusy } = use;
  if (wasBusy || seen.wasBusy || executions !== seen.executions) {
    return { kind: "keep", seen: { executions, wasBusy, idleSinceMs: nowMs } };
  }
  return nowMs - seen.idleSinceMs >= idleMs ? { kind: "reclaim" } : { kind: "keep", seen };
}

/**
 * Says whether an engine must not be taken away.
 *
 * @param entry The engine, and whether a scope holds it, which may go on to use it at any time.
 * @returns Whether agents or pipelines of it run, or a scope holds it.
 */
export function isBusy(
  { engine, isHeld }: { readonly engine: { readonly isBusy: boolean }; readonly isHeld: boolean },
): boolean {
  return engine.isBusy || isHeld;
}
