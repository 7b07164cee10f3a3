import { ENGINE_MIGRATION } from "./deprecated_engines.ts";

/**
 * What is wrong with an engine.
 *
 * - `missing`: there is none, only null or undefined.
 * - `deprecated`: it is, or extends, an engine of a deprecated name.
 * - `incomplete`: it calls itself UserExecutionEngine, and lacks methods of it.
 * - `foreign`: it is anything else.
 * - `swapped`: it is genuine, and not the one that was there before.
 * - `context_mismatch`: it, or the work, belongs to another user, thread or run.
 */
export type EngineFault =
  | "missing"
  | "deprecated"
  | "incomplete"
  | "foreign"
  | "swapped"
  | "context_mismatch";

/**
 * Something was refused in the place of an engine. `ENGINE_REFUSED` when it was handed over,
 * `ENGINE_CHANGED` when it was found there later.
 */
export class EngineGuardError extends Error {
  /** Tells this error from others. */
  override readonly name = "EngineGuardError";
  /** A stable code for programs. */
  readonly code: "ENGINE_REFUSED" | "ENGINE_CHANGED";
  /** What is wrong. */
  readonly kind: EngineFault;
  /**
   * What was found, such as `ExecutionEngine` or `null`. Of a context mismatch it
   * says what differs, such as `user, run`, and never whose the other is.
   */
  readonly found: string;

  /**
   * Makes the error.
   *
   * @param code When it was found.
   * @param kind What is wrong.
   * @param found What was found.
   */
  constructor(code: "ENGINE_REFUSED" | "ENGINE_CHANGED", kind: EngineFault, found: string) {
    const problem = code === "ENGINE_REFUSED" ? refusal(kind, found) : change(kind, found);
    super(`${problem}. ${ENGINE_MIGRATION}`);
    this.code = code;
    this.kind = kind;
    this.found = found;
  }
}

const ONLY = "Only UserExecutionEngine is allowed (SSOT)";

function refusal(kind: EngineFault, found: string): string {
  switch (kind) {
    case "deprecated":
      return `The deprecated engine ${found} is not allowed: it does not keep users apart`;
    case "incomplete":
      return `What calls itself UserExecutionEngine is missing required methods: ${found}`;
    case "missing":
    case "foreign":
      return `${ONLY}, got ${found}`;
    case "swapped":
      return `${ONLY}, and not another than before: got ${found}`;
    case "context_mismatch":
      return `${ONLY}, and of the same run (context mismatch: another ${found})`;
    default:
      return kind satisfies never;
  }
}

const RUNTIME = "Runtime SSOT validation failed";

function change(kind: EngineFault, found: string): string {
  switch (kind) {
    case "deprecated":
      return `${RUNTIME}: deprecated engine detected, ${found} is not allowed`;
    case "incomplete":
      return `${RUNTIME}: foreign or deprecated engine detected, without ${found}`;
    case "missing":
    case "foreign":
      return `${RUNTIME}: foreign or deprecated engine detected, got ${found}`;
    case "swapped":
      return `${RUNTIME}: another engine detected, got ${found}`;
    case "context_mismatch":
      return `Runtime validation failed: context mismatch, another ${found}`;
    default:
      return kind satisfies never;
  }
}
