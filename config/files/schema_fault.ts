import type { IssueSeverity } from "../../enums/issue_severity.ts";
import type { ConfigPath } from "./config_fault.ts";

/** Something wrong with a document, before it is known where in a text that stands. */
export interface SchemaFault {
  /** The keys and indexes that lead there. */
  readonly path: ConfigPath;
  /** What is wrong, without place and values. */
  readonly message: string;
  /** What was expected, in words. */
  readonly expected: string;
  /**
   * What was found, in words; not told where a variable stands at the path or below.
   *
   * @default the value at the path
   */
  readonly got?: string;
  /**
   * How bad it is.
   *
   * @default error
   */
  readonly severity?: IssueSeverity;
  /**
   * Whether the key is wrong rather than its value.
   *
   * @default false
   */
  readonly isAboutKey?: boolean;
  /**
   * Words of which one may have been meant: the message asks after the one that is nearest to the
   * key, or to the value, that is wrong.
   *
   * @default none
   */
  readonly known?: readonly string[];
}

/** What the shape of a document finds. */
export interface ShapeFault extends SchemaFault {
  /**
   * The kind of value that was wanted, where another kind was found: the loader may be able to read
   * the value as one.
   */
  readonly wanted?: "boolean" | "text" | "collection";
}
