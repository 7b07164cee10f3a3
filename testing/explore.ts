/** One way on from a state. */
export interface Move<State> {
  /** What happens, in words: a counterexample is a list of these. */
  readonly step: string;
  /** The state that it leads to. */
  readonly state: State;
}

/** A model whose every state is to be seen. */
export interface ExploreOptions<State> {
  /** Where it begins. */
  readonly initial: State;
  /** Everything that can happen in a state. It must not change the state. */
  readonly next: (state: State) => Iterable<Move<State>>;
  /** Names a state; states of one name are taken for the same. */
  readonly key: (state: State) => string;
  /** What is wrong in a state; null when nothing is. */
  readonly check: (state: State) => string | null;
  /** Situations that should occur: an exploration that never met them proves little. */
  readonly witnesses?: Readonly<Record<string, (state: State, step: string) => boolean>>;
  /**
   * How many states to look at before giving up.
   *
   * @default 1_000_000
   */
  readonly maxStates?: number;
}

/** A way into a state that breaks a promise. */
export interface Violation {
  /** What is wrong there. */
  readonly message: string;
  /** The steps from the beginning; no other way to a wrong state is shorter. */
  readonly steps: readonly string[];
}

/** What {@link explore} saw. */
export interface Exploration {
  /** How many states there are; when a violation ended the search, how many were seen before. */
  readonly states: number;
  /** How many moves were made between them. */
  readonly transitions: number;
  /** How many steps the farthest state that was looked at is away from the beginning. */
  readonly depth: number;
  /** The nearest state that breaks a promise; null when none does. */
  readonly violation: Violation | null;
  /** The shortest way to each situation that occurred, by its name. */
  readonly witnesses: ReadonlyMap<string, readonly string[]>;
}

/** The last step of a way. It holds on to no state, so that states can be let go. */
interface Trail {
  readonly step: string;
  readonly before: Trail | null;
}

/** A state whose moves are still to be made. */
interface Visit<State> {
  readonly state: State;
  readonly trail: Trail | null;
}

const MAX_STATES = 1_000_000;

/**
 * Looks at every state that a model can reach, the near ones first.
 *
 * Not guaranteed: anything about what the model leaves out.
 *
 * @param options The model and its promises.
 * @returns How much there was to see, and the shortest way to a violation.
 * @throws {RangeError} when there are more states than `maxStates`: nothing is proved then.
 *
 * @example Two counters that may not meet above one
 * ```ts
 * import { explore } from "@baton/orchestration/testing";
 *
 * const { states, violation } = explore({
 *   initial: [0, 0],
 *   next: ([a = 0, b = 0]) => [
 *     { step: "a counts", state: [(a + 1) % 3, b] },
 *     { step: "b counts", state: [a, (b + 1) % 3] },
 *   ],
 *   key: String,
 *   check: ([a, b]) => a === b && a === 2 ? "they met" : null,
 * });
 * if (states !== 9 || violation?.steps.length !== 4) throw new Error("it should find 2,2");
 * ```
 */
export function explore<State>(options: ExploreOptions<State>): Exploration {
  const { initial, next, key, check, maxStates = MAX_STATES } = options;
  const names = new Set([key(initial)]);
  const missing = new Map(Object.entries(options.witnesses ?? {}));
  const witnesses = new Map<string, readonly string[]>();
  let transitions = 0;
  let depth = 0;
  const end = (message: string | null, trail: Trail | null): Exploration => {
    const violation = message === null ? null : { message, steps: stepsOf(trail) };
    return { states: names.size, transitions, depth, violation, witnesses };
  };
  const atOnce = check(initial);
  if (atOnce !== null) return end(atOnce, null);
  let frontier: Visit<State>[] = [{ state: initial, trail: null }];
  while (frontier.length > 0) {
    const beyond: Visit<State>[] = [];
    for (const { state, step, before } of movesFrom(frontier, next)) {
      transitions++;
      const trail = { step, before };
      for (const [name, occurs] of missing) {
        if (!occurs(state, step)) continue;
        witnesses.set(name, stepsOf(trail));
        missing.delete(name);
      }
      const size = names.size;
      if (names.add(key(state)).size === size) continue;
      if (size === maxStates) throw new RangeError(tooMany(maxStates));
      const message = check(state);
      if (message !== null) return end(message, trail);
      beyond.push({ state, trail });
    }
    if (beyond.length > 0) depth++;
    frontier = beyond;
  }
  return end(null, null);
}

function* movesFrom<State>(
  visits: readonly Visit<State>[],
  next: (state: State) => Iterable<Move<State>>,
): Generator<Move<State> & { readonly before: Trail | null }> {
  for (const { state, trail } of visits) {
    for (const move of next(state)) yield { ...move, before: trail };
  }
}

function stepsOf(trail: Trail | null): string[] {
  const steps: string[] = [];
  for (let at = trail; at !== null; at = at.before) steps.push(at.step);
  return steps.reverse();
}

function tooMany(maxStates: number): string {
  return `Cannot explore the whole model: it has more than ${maxStates} states; ` +
    "bound it more tightly, or raise maxStates";
}
