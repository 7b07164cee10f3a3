import { IssueSeverity } from "../../enums/issue_severity.ts";
import { ConfigError, type ConfigErrorCode } from "./config_error.ts";
import { type ConfigFault, type ConfigPath, formatPath } from "./config_fault.ts";
import { TextPositions } from "./text_positions.ts";

/** How many faults of a file are told; that there are more is told by one of its own. */
export const FAULTS_MAX = 100;

/** A fault before its place is put into line and column. */
export interface RawFault {
  /** Offset in the text; null for the file as a whole. */
  readonly at: number | null;
  readonly path: ConfigPath;
  /**
   * How bad it is.
   *
   * @default error
   */
  readonly severity?: IssueSeverity;
  readonly message: string;
  readonly got: string;
  readonly expected: string;
}

/** Collects what is wrong with a file. */
export class FaultList {
  readonly #file: string;
  readonly #positions: TextPositions;
  readonly #faults: ConfigFault[] = [];
  readonly #paths = new Set<string>();

  /** What the file is called, and its text. */
  constructor(file: string, text: string) {
    this.#file = file;
    this.#positions = new TextPositions(text);
  }

  /** How many there are. */
  get count(): number {
    return this.#faults.length;
  }

  /** Adds one. */
  add(fault: RawFault): void {
    const position = fault.at === null ? { line: 0, column: 0 } : this.#positions.of(fault.at);
    const path = formatPath(fault.path);
    this.#paths.add(path);
    this.#faults.push({
      file: this.#file,
      ...position,
      path,
      severity: fault.severity ?? IssueSeverity.ERROR,
      message: fault.message,
      got: fault.got,
      expected: fault.expected,
    });
  }

  /** @returns Whether something is wrong with exactly this place. */
  has(path: ConfigPath): boolean {
    return this.#paths.has(formatPath(path));
  }

  /** @returns All of them in the order of the text, the first hundred when there are more. */
  toArray(): readonly ConfigFault[] {
    const sorted = this.#faults.toSorted((a, b) => a.line - b.line || a.column - b.column);
    if (sorted.length <= FAULTS_MAX) return sorted;
    const rest = sorted.length - FAULTS_MAX;
    return [...sorted.slice(0, FAULTS_MAX), {
      file: this.#file,
      line: 0,
      column: 0,
      path: "",
      severity: IssueSeverity.ERROR,
      message: "more faults than are told",
      got: `${rest} more`,
      expected: "none",
    }];
  }

  /** @returns The error that tells them all. */
  toError(code: ConfigErrorCode, cause?: unknown): ConfigError {
    return new ConfigError(code, this.toArray(), cause === undefined ? {} : { cause });
  }
}
