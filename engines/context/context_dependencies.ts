import { InvalidContextError } from "./context_errors.ts";

/** Names a dependency and says what it is. A key is itself alone: another of the same name is another. */
export interface DependencyKey<T> {
  /** What the dependency is called. */
  readonly name: string;
  /** Says what the dependency is, to the compiler alone: it is never there. */
  readonly type?: T;
}

/**
 * Makes a key for a dependency. Make it once, at the top of a module, and share it.
 *
 * @param name What the dependency is called; `db_session` shows as `has_db_session` on the wire.
 * @returns The key.
 */
export function dependencyKey<T>(name: string): DependencyKey<T> {
  return Object.freeze({ name });
}

/** A dependency is needed and was not set. */
export class MissingDependencyError extends Error {
  /** Tells this error from others. */
  override readonly name = "MissingDependencyError";
  /** A stable code for programs. */
  readonly code = "MISSING_DEPENDENCY";
  /** What the dependency is called. */
  readonly dependency: string;

  /**
   * Makes the error.
   *
   * @param dependency What the dependency is called.
   */
  constructor(dependency: string) {
    super(
      `Cannot get the dependency "${dependency}": it was not set, or the context is cleaned up`,
    );
    this.dependency = dependency;
  }
}

/** Most dependencies of a context. */
export const MAX_DEPENDENCIES = 100;

/**
 * What the work of a context needs and is no data: connections, clients, caches. It is kept apart from
 * the context's data, is neither copied nor written out, and is shared by a context and all its
 * children. It is emptied when the context that has no parent is cleaned up, and takes nothing more.
 *
 * @example A database for the work of one user
 * ```ts
 * import { ContextDependencies, dependencyKey } from "@baton/orchestration/engines";
 *
 * const DATABASE = dependencyKey<{ query(text: string): number }>("db_session");
 * const dependencies = new ContextDependencies();
 * dependencies.set(DATABASE, { query: () => 42 });
 * if (dependencies.require(DATABASE).query("SELECT 42") !== 42) throw new Error("unexpected");
 * ```
 */
export class ContextDependencies {
  readonly #values = new Map<DependencyKey<unknown>, unknown>();
  #isClosed = false;

  /**
   * Sets a dependency, or sets it anew.
   *
   * @param key Which.
   * @param value What it is.
   * @throws {RangeError} when there are 100 others already.
   * @throws {InvalidContextError} when the context was cleaned up: nobody would let go of it any more.
   */
  set<T>(key: DependencyKey<T>, value: NoInfer<T>): void {
    if (this.#isClosed) {
      const problem = `Cannot set the dependency "${key.name}": the context was cleaned up already`;
      throw new InvalidContextError("dependencies", problem);
    }
    if (!this.#values.has(key) && this.#values.size >= MAX_DEPENDENCIES) {
      throw new RangeError(`Cannot set "${key.name}": there are ${MAX_DEPENDENCIES} dependencies`);
    }
    this.#values.set(key, value);
  }

  /**
   * Looks a dependency up.
   *
   * @param key Which.
   * @returns What it is; undefined when it was not set.
   */
  get<T>(key: DependencyKey<T>): T | undefined {
    return this.#values.get(key) as T | undefined;
  }

  /**
   * Gets a dependency that must be there.
   *
   * @param key Which.
   * @returns What it is.
   * @throws {MissingDependencyError} when it was not set.
   */
  require<T>(key: DependencyKey<T>): T {
    if (!this.#values.has(key)) throw new MissingDependencyError(key.name);
    return this.#values.get(key) as T;
  }

  /**
   * Lists what is set.
   *
   * @returns What the dependencies are called.
   */
  names(): readonly string[] {
    return [...this.#values.keys()].map(({ name }) => name);
  }

  /** Lets go of all of them, and takes no more. */
  close(): void {
    this.#isClosed = true;
    this.#values.clear();
  }
}
