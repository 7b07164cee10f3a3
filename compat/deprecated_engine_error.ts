import {
  type DeprecatedEngineName,
  ENGINE_MIGRATION,
} from "../engines/guard/deprecated_engines.ts";

/** Somebody tried to make an engine of a deprecated name. */
export class DeprecatedEngineError extends Error {
  /** Tells this error from others. */
  override readonly name = "DeprecatedEngineError";
  /** A stable code for programs. */
  readonly code = "DEPRECATED_ENGINE";
  /** What was to be made. */
  readonly engine: DeprecatedEngineName;
  /** What to use in its place. */
  readonly replacement = "UserExecutionEngine";

  /**
   * Makes the error.
   *
   * @param engine What was to be made.
   */
  constructor(engine: DeprecatedEngineName) {
    super(
      `The deprecated engine ${engine} is not supported any more: ` +
        `use UserExecutionEngine. ${ENGINE_MIGRATION}`,
    );
    this.engine = engine;
  }
}
