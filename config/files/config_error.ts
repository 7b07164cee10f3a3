import { type ConfigFault, formatFault } from "./config_fault.ts";

/** Why a configuration file could not be used. */
export type ConfigErrorCode =
  /** There is no such file. */
  | "CONFIG_NOT_FOUND"
  /** A permission is missing; the fault names its flag. */
  | "CONFIG_NOT_PERMITTED"
  /** The system did not let it be read. */
  | "CONFIG_UNREADABLE"
  /** It has more bytes than the limit. */
  | "CONFIG_TOO_LARGE"
  /** Its name does not end in .yaml, .yml or .json. */
  | "CONFIG_UNSUPPORTED"
  /** It holds no document. */
  | "CONFIG_EMPTY"
  /** Its text is not YAML, or holds what a configuration must not. */
  | "CONFIG_SYNTAX"
  /** Its document is something other than a map. */
  | "CONFIG_NOT_A_MAP"
  /** Its values are not what they must be. */
  | "CONFIG_INVALID";

/** A configuration file cannot be used. The message lists every fault, each on a line. */
export class ConfigError extends Error {
  /** Tells this error from others. */
  override readonly name = "ConfigError";
  /** A stable code for programs. */
  readonly code: ConfigErrorCode;
  /** The file; what {@link parseConfig} was told to call it when there is none. */
  readonly file: string;
  /** Every fault that was found; at least one has severity `error`. */
  readonly faults: readonly ConfigFault[];

  /**
   * Makes the error.
   *
   * @param code Why the file cannot be used.
   * @param faults What is wrong with it, at least one.
   * @param options The error underneath.
   */
  constructor(code: ConfigErrorCode, faults: readonly ConfigFault[], options: ErrorOptions = {}) {
    super(faults.map(formatFault).join("\n"), options);
    this.code = code;
    this.file = faults[0]?.file ?? "";
    this.faults = Object.freeze(faults.map((fault) => Object.freeze({ ...fault })));
  }
}
