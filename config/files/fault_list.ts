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
  /** What else the message says; asked only when the fault is told. */
  readonly hint?: () => string;
}

/** A fault with its place, before its hint is asked for. */
interface PlacedFault {
  readonly fault: ConfigFault;
  readonly hint: (() => string) | undefined;
}

/** From the worst to the mildest. */
const SEVERITIES = [IssueSeverity.ERROR, IssueSeverity.WARNING, IssueSeverity.INFO];

/** Collects what is wrong with a file. */
export class FaultList {
  readonly #file: string;
  readonly #positions: TextPositions;
  readonly #faults: PlacedFault[] = [];
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
    const { severity = IssueSeverity.ERROR, message, got, expected, hint } = fault;
    this.#faults.push({
      fault: { file: this.#file, ...position, path, severity, message, got, expected },
      hint,
    });
  }

  /** @returns Whether something is wrong with exactly this place. */
  has(path: ConfigPath): boolean {
    return this.#paths.has(formatPath(path));
  }

  /** @returns All of them in the order of the text, the first hundred when there are more. */
  toArray(): readonly ConfigFault[] {
    const sorted = this.#faults.toSorted((a, b) =>
      a.fault.line - b.fault.line || a.fault.column - b.fault.column
    );
    const told = sorted.slice(0, FAULTS_MAX).map(({ fault, hint }) => (
      hint === undefined ? fault : { ...fault, message: fault.message + hint() }
    ));
    const rest = sorted.slice(FAULTS_MAX);
    return rest.length === 0 ? told : [...told, this.#more(rest)];
  }

  /** Tells of those that are not told one by one; it is as bad as the worst of them. */
  #more(rest: readonly PlacedFault[]): ConfigFault {
    const severity = SEVERITIES.find((each) => rest.some(({ fault }) => fault.severity === each));
    return {
      file: this.#file,
      line: 0,
      column: 0,
      path: "",
      severity: severity ?? IssueSeverity.ERROR,
      message: "more faults than are told",
      got: `${rest.length} more`,
      expected: "none",
    };
  }

  /** @returns The error that tells them all. */
  toError(code: ConfigErrorCode, cause?: unknown): ConfigError {
    return new ConfigError(code, this.toArray(), cause === undefined ? {} : { cause });
  }
}
