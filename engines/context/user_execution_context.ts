import type { Clock } from "../../clock.ts";
import type { JsonObject } from "../../enums/records/json_value.ts";
import { type CleanupCallback, type CleanupReport, CleanupStack } from "./cleanup_stack.ts";
import { ContextDependencies } from "./context_dependencies.ts";
import { dictOf, partsFromDict, type UserExecutionContextDict } from "./context_dict.ts";
import { InvalidContextError } from "./context_errors.ts";
import { type ContextParts, partsFromOptions, partsOfChild } from "./context_fields.ts";
import { checkIdForm } from "./context_id.ts";
import type {
  ChildContextOptions,
  ReadContextOptions,
  UserExecutionContextOptions,
} from "./context_options.ts";
import { sha256 } from "./sha256.ts";

/** What the class itself makes a context of; nobody else has one. */
class Origin {
  readonly #parts: ContextParts;
  readonly #parent: UserExecutionContext | null;

  constructor(parts: ContextParts, parent: UserExecutionContext | null) {
    this.#parts = parts;
    this.#parent = parent;
  }

  static read(value: unknown): {
    readonly parts: ContextParts;
    readonly parent: UserExecutionContext | null;
  } {
    if (typeof value !== "object" || value === null || !(#parts in value)) {
      return { parts: partsFromOptions(value), parent: null };
    }
    return { parts: value.#parts, parent: value.#parent };
  }
}

/**
 * Whose work something is: who the user is, in which conversation, run and request, and the data of
 * that user alone. Data is copied and frozen to its depths; nothing can be changed afterwards.
 *
 * Not guaranteed: that texts do not speak of other users. Values under a key that means a user's id,
 * however deep and however it is spelled, must be this user's; other values are not looked at. A key
 * in the path of a {@link ContextIsolationError} is shown as it is.
 *
 * What must be let go of is registered with {@link UserExecutionContext.onCleanup}. The cleanup of a
 * context includes that of its children, each in the place where it registered its first callback; a
 * child's cleanup leaves its parent alone.
 *
 * @example A run, and an agent's part in it
 * ```ts
 * import { UserExecutionContext } from "@baton/orchestration/engines";
 *
 * const run = new UserExecutionContext({
 *   userId: "ada",
 *   threadId: "thread-7",
 *   runId: "run-42",
 *   agentContext: { question: "What did we spend?" },
 * });
 * const part = run.createChild("agent_execution_triage", { agentContext: { attempt: 1 } });
 * if (part.userId !== "ada" || part.operationDepth !== 1) throw new Error("unexpected");
 * if (part.agentContext["question"] !== "What did we spend?") throw new Error("unexpected");
 * if (part.fingerprint !== run.fingerprint) throw new Error("another identity");
 * ```
 */
export class UserExecutionContext {
  /** Whose work it is. */
  readonly userId: string;
  /** The conversation that it belongs to. */
  readonly threadId: string;
  /** The run. */
  readonly runId: string;
  /** The request: a child has its own. */
  readonly requestId: string;
  /** The user's socket; null when there is none. */
  readonly websocketClientId: string | null;
  /** When it was made, UTC ISO. */
  readonly createdAt: string;
  /** How deep its operation is nested: 0 without a parent, 10 at most. */
  readonly operationDepth: number;
  /** The request of its parent; null when it has none. */
  readonly parentRequestId: string | null;
  /**
   * What agents work with, frozen to its depths. A child's has `parent_operation`, `operation_name`
   * and `operation_depth` too.
   */
  readonly agentContext: JsonObject;
  /**
   * What is kept for the record, frozen to its depths: with `context_created_at`, `context_version`,
   * `isolation_verified` and `operation_depth`.
   */
  readonly auditMetadata: JsonObject;
  readonly #clock: Clock;
  readonly #parent: UserExecutionContext | null;
  #fingerprint: string | undefined;
  #dependencies: ContextDependencies | undefined;
  #cleanups: CleanupStack | undefined;

  static {
    // A genuine context whose methods somebody replaced would be none.
    Object.freeze(UserExecutionContext);
    Object.freeze(UserExecutionContext.prototype);
  }

  /**
   * Makes the context of a request, which has no parent.
   *
   * @param options What it is made of.
   * @throws {InvalidContextError} when an id is blank, malformed or a placeholder; when data is no
   * plain JSON, is too large or has reserved keys; when the class is extended.
   * @throws {ContextIsolationError} when something in the data belongs to another user.
   */
  constructor(options: UserExecutionContextOptions) {
    if (new.target !== UserExecutionContext) {
      throw new InvalidContextError("class", "UserExecutionContext cannot be extended");
    }
    const { parts, parent } = Origin.read(options);
    const { fields, clock } = parts;
    this.userId = fields.userId;
    this.threadId = fields.threadId;
    this.runId = fields.runId;
    this.requestId = fields.requestId;
    this.websocketClientId = fields.websocketClientId;
    this.createdAt = fields.createdAt;
    this.operationDepth = fields.operationDepth;
    this.parentRequestId = fields.parentRequestId;
    this.agentContext = fields.agentContext;
    this.auditMetadata = fields.auditMetadata;
    this.#clock = clock;
    this.#parent = parent;
    Object.freeze(this);
  }

  /**
   * Recognises a genuine context by what cannot be imitated.
   *
   * @param value Anything.
   * @returns Whether this class made it. Never throws, and asks the value nothing.
   */
  static is(value: unknown): value is UserExecutionContext {
    return typeof value === "object" && value !== null && #clock in value;
  }

  /**
   * Reads back what `toDict` wrote, by the same rules as the constructor's. What it reads has no
   * parent to be cleaned up with, and no dependencies.
   *
   * @param dict What was read.
   * @param options How.
   * @returns The context.
   * @throws {InvalidContextError} when something is wrong.
   * @throws {ContextIsolationError} when something in the data belongs to another user.
   */
  static fromDict(dict: unknown, options: ReadContextOptions = {}): UserExecutionContext {
    return make(new Origin(partsFromDict(dict, options), null));
  }

  /**
   * Makes a context for a part of the work: the same user, thread and run, another request.
   *
   * @param operation What the part is, in 1 to 256 characters.
   * @param options What it adds to the data.
   * @returns The child.
   * @throws {InvalidContextError} when this one's depth is 10, the operation is blank, or the data is
   * refused as the constructor would, the names of the operation included.
   * @throws {ContextIsolationError} when something in the data belongs to another user.
   */
  createChild(operation: string, options: ChildContextOptions = {}): UserExecutionContext {
    const parts = partsOfChild({ fields: this, clock: this.#clock }, operation, options);
    return make(new Origin(parts, this));
  }

  /**
   * A short text for logs, of the beginnings of the user's, thread's, run's and request's id. Others
   * may have the same.
   */
  get correlationId(): string {
    return [this.userId, this.threadId, this.runId, this.requestId].map(beginningOf).join(":");
  }

  /**
   * SHA-256 of the ids of user, thread and run, which all children share: contexts of the same run, and
   * only they, have the same. It does not show the ids, but whoever knows them can tell.
   */
  get fingerprint(): string {
    this.#fingerprint ??= this.#parent?.fingerprint ??
      sha256(JSON.stringify([this.userId, this.threadId, this.runId]));
    return this.#fingerprint;
  }

  /** What the work needs and is no data; shared with the parent and all children. */
  get dependencies(): ContextDependencies {
    if (this.#parent !== null) return this.#parent.dependencies;
    this.#dependencies ??= new ContextDependencies();
    return this.#dependencies;
  }

  /**
   * Makes a key that belongs to this context alone.
   *
   * @param component What the key is for; without a colon.
   * @returns `component:userId:requestId`.
   * @throws {InvalidContextError} when the component is blank, malformed or has a colon.
   */
  scopedKey(component: string): string {
    const name = checkIdForm("component", component);
    if (!name.includes(":")) return `${name}:${this.userId}:${this.requestId}`;
    throw new InvalidContextError("component", `Field 'component' must not contain ":"`);
  }

  /**
   * Registers something to do in the cleanup; what was registered last is done first.
   *
   * @param callback What to do. It may return a promise, and has 5 s.
   * @throws {InvalidContextError} when there are 1,000 already, children that have some included, or
   * the cleanup has begun.
   */
  onCleanup(callback: CleanupCallback): void {
    this.#stack().push(callback);
  }

  /** Whether something was registered with this context or a child of it, and so a cleanup has work. */
  get hasCleanups(): boolean {
    return this.#cleanups !== undefined;
  }

  /**
   * Does what was registered with this context and its children, one after the other, and then, in a
   * context that has no parent, lets go of the dependencies for good. A failure does not stop the
   * others. A second call does nothing more, and returns what the first one does.
   *
   * @returns What was done, and what failed. It never rejects.
   */
  async cleanup(): Promise<CleanupReport> {
    const report = await this.#stack().run();
    if (this.#parent === null) this.dependencies.close();
    return report;
  }

  /**
   * Writes the context, without its dependencies.
   *
   * @returns The wire form.
   */
  toDict(): UserExecutionContextDict {
    return dictOf(this, this.dependencies.names().includes("db_session"));
  }

  /**
   * What `JSON.stringify` writes.
   *
   * @returns The wire form.
   */
  toJSON(): UserExecutionContextDict {
    return this.toDict();
  }

  #stack(): CleanupStack {
    this.#cleanups ??= new CleanupStack(
      this.#clock,
      this.#parent === null ? null : this.#parent.#stack(),
    );
    return this.#cleanups;
  }
}

function make(origin: Origin): UserExecutionContext {
  return new UserExecutionContext(origin as unknown as UserExecutionContextOptions);
}

/** @returns The first eight characters, none of them cut in half. */
function beginningOf(id: string): string {
  return [...id].slice(0, 8).join("");
}
