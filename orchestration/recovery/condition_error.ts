/**
 * What kind of mistake a condition has:
 *
 * - `lexical`: a character, a text or an operator that does not exist;
 * - `syntax`: pieces in an order that means nothing;
 * - `type`: kinds of values that do not go together;
 * - `unknown_variable`: a name that is none of the language's;
 * - `missing_variable`: a variable that the context does not have;
 * - `limit`: longer, deeper or greater than is allowed.
 */
export type ConditionErrorKind =
  | "lexical"
  | "syntax"
  | "type"
  | "unknown_variable"
  | "missing_variable"
  | "limit";

/** What {@link ConditionError} is made of. */
export type ConditionErrorFields = Pick<
  ConditionError,
  "kind" | "text" | "offset" | "problem" | "got" | "expected"
>;

/** The longest piece of a text that is shown, in UTF-16 units. */
const SHOWN_MAX = 40;

/** A condition cannot be read, or cannot be answered in a context. The message has one line. */
export class ConditionError extends Error {
  /** Tells this error from others. */
  override readonly name = "ConditionError";
  /** A stable code for programs. */
  readonly code = "CONDITION_ERROR";
  /** What kind of mistake it is. */
  readonly kind: ConditionErrorKind;
  /** The condition; "" when what was given is no text. */
  readonly text: string;
  /** Where in the text, in UTF-16 units, from 0. */
  readonly offset: number;
  /** What is wrong, without place; of the text it quotes at most the name of a variable. */
  readonly problem: string;
  /** What was found, in words. */
  readonly got: string;
  /** What was expected, in words. */
  readonly expected: string;

  /**
   * Makes the error.
   *
   * @param fields What is wrong, and where.
   * @param options The error underneath.
   */
  constructor(fields: ConditionErrorFields, options: ErrorOptions = {}) {
    const { kind, text, offset, problem, got, expected } = fields;
    super(
      `Cannot use condition: ${problem} at offset ${offset} (got ${got}, expected ${expected})`,
      options,
    );
    this.kind = kind;
    this.text = text;
    this.offset = offset;
    this.problem = problem;
    this.got = got;
    this.expected = expected;
  }
}

/** @returns A piece of a text in quotes, on one line and not long. */
export function quote(piece: string): string {
  return JSON.stringify(piece.length > SHOWN_MAX ? `${piece.slice(0, SHOWN_MAX)}…` : piece);
}
