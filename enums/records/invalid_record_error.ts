/** One thing that is wrong with a record. */
export interface RecordFault {
  /** Where: keys and indices, such as `config.services_required[2]`; empty for the whole. */
  readonly path: string;
  /** What is wrong, such as `must be a whole number, got "2"`. */
  readonly message: string;
}

const MAX_LISTED = 20;

/**
 * A record cannot be made from what was given. All faults are reported together; paths are spelled as
 * the caller spelled the keys: camelCase for a constructor, snake_case for `fromDict`.
 */
export class InvalidRecordError extends TypeError {
  /** Tells this error from others. */
  override readonly name = "InvalidRecordError";
  /** A stable code for programs. */
  readonly code = "INVALID_RECORD";
  /** The record's name, such as "ProgressEvent". */
  readonly recordName: string;
  /** Everything that is wrong; never empty. */
  readonly faults: readonly RecordFault[];

  /**
   * Makes the error.
   *
   * @param recordName The record's name.
   * @param faults Everything that is wrong. The message lists the first twenty.
   */
  constructor(recordName: string, faults: readonly RecordFault[]) {
    const lines = faults.slice(0, MAX_LISTED).map(describeFault);
    const rest = faults.length - lines.length;
    const more = rest > 0 ? [`and ${rest} more`] : [];
    super(`Cannot make a ${recordName}: ${[...lines, ...more].join("; ")}`);
    this.recordName = recordName;
    this.faults = Object.freeze(faults.map((fault) => Object.freeze({ ...fault })));
  }
}

function describeFault({ path, message }: RecordFault): string {
  return path === "" ? message : `${path} ${message}`;
}
