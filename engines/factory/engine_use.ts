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
  /** How many of them run, or wait for their turn. */
  readonly activeRuns: number;
  /** Whether a scope holds it, which may go on to use it at any time. */
  readonly isHeld: boolean;
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
  const { executions } = use;
  const wasBusy = isBusy(use);
  if (wasBusy || seen.wasBusy || executions !== seen.executions) {
    return { kind: "keep", seen: { executions, wasBusy, idleSinceMs: nowMs } };
  }
  return nowMs - seen.idleSinceMs >= idleMs ? { kind: "reclaim" } : { kind: "keep", seen };
}

/**
 * Says whether an engine must not be taken away.
 *
 * @param use How it is used.
 * @returns Whether agents run, or a scope holds it.
 */
export function isBusy(use: Pick<EngineUse, "activeRuns" | "isHeld">): boolean {
  return use.activeRuns > 0 || use.isHeld;
}
