import type { Clock } from "../../clock.ts";
import type { ContextIdRules } from "./context_id.ts";

/** How contexts are read back. */
export interface ReadContextOptions {
  /**
   * Tells a context and its children the time.
   *
   * @default systemClock
   */
  readonly clock?: Clock;
  /**
   * Which ids are accepted although they look like placeholders.
   *
   * @default the defaults of {@link ContextIdRules}
   */
  readonly idRules?: ContextIdRules;
}

/** What a user context is made of. The first three must be given. */
export interface UserExecutionContextOptions extends ReadContextOptions {
  /** Whose work it is. */
  readonly userId: string;
  /** The conversation that it belongs to. */
  readonly threadId: string;
  /** The run. */
  readonly runId: string;
  /**
   * The request. Without a colon.
   *
   * @default a new UUID
   */
  readonly requestId?: string;
  /**
   * The user's socket.
   *
   * @default null
   */
  readonly websocketClientId?: string | null;
  /**
   * What agents work with: plain JSON data, at most 99,900 values and 4,000,000 characters; a child's
   * with what it has of its parents.
   *
   * @default {}
   */
  readonly agentContext?: Readonly<Record<string, unknown>>;
  /**
   * What is kept for the record: plain JSON data, as large at most.
   *
   * @default {}
   */
  readonly auditMetadata?: Readonly<Record<string, unknown>>;
}

/** What a child adds to the data of its parent. */
export interface ChildContextOptions {
  /**
   * More for agents; a key that the parent has too is the child's.
   *
   * @default {}
   */
  readonly agentContext?: Readonly<Record<string, unknown>>;
  /**
   * More for the record; a key that the parent has too is the child's.
   *
   * @default {}
   */
  readonly auditMetadata?: Readonly<Record<string, unknown>>;
}
