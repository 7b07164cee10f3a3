import { ConditionError, quote } from "./condition_error.ts";

/** The longest condition, in UTF-16 units. */
export const CONDITION_MAX = 1_000;

/** How many tokens a condition may have; its end counts as one. */
export const TOKENS_MAX = 50;

/** Whether two operands are equal. */
export type EqualityOperator = "==" | "!=";

/** In which order two operands are. */
export type OrderOperator = ">=" | "<=" | ">" | "<";

/** How two operands are compared. */
export type ConditionOperator = EqualityOperator | OrderOperator;

/** A piece of a condition, and where it begins in UTF-16 units. */
export type ConditionToken =
  | { readonly kind: "number"; readonly value: number; readonly offset: number }
  | { readonly kind: "string"; readonly value: string; readonly offset: number }
  | { readonly kind: "name"; readonly name: string; readonly offset: number }
  | { readonly kind: "operator"; readonly operator: ConditionOperator; readonly offset: number }
  | { readonly kind: "and" | "or" | "not" | "(" | ")" | "end"; readonly offset: number };

/** What may not stand in a condition: anything but printable ASCII and its white space. */
const FOREIGN = /[^\t\n\v\f\r -~]/;

/** One token after any white space, each kind in a group of its own. */
const TOKEN =
  /[\t\n\v\f\r ]*(?:(\d+(?:\.\d*)?|\.\d+)|("[^"]*"|'[^']*')|([A-Za-z_]\w*)|([<>=!]=|[<>])|([()])|$)/y;

/**
 * Takes a condition to pieces.
 *
 * @param text The condition.
 * @returns Its tokens; the last one is its end.
 * @throws {ConditionError} with kind `lexical` or `limit`.
 */
export function tokenize(text: string): readonly ConditionToken[] {
  checkText(text);
  const tokens: ConditionToken[] = [];
  const token = new RegExp(TOKEN);
  while (tokens.at(-1)?.kind !== "end") {
    const start = token.lastIndex;
    const match = token.exec(text);
    if (match === null) throw lexicalError(text, start);
    tokens.push(toToken(match, text));
    if (tokens.length > TOKENS_MAX) throw tooComplex(text, tokens.at(-1)!.offset);
  }
  return tokens;
}

function checkText(text: string): void {
  if (text.length > CONDITION_MAX) {
    throw new ConditionError({
      kind: "limit",
      text,
      offset: CONDITION_MAX,
      problem: "too long",
      got: `${text.length} characters`,
      expected: `at most ${CONDITION_MAX}`,
    });
  }
  const foreign = FOREIGN.exec(text);
  if (foreign !== null) throw unexpectedCharacter(text, foreign.index);
}

function toToken(match: RegExpExecArray, text: string): ConditionToken {
  const [all, number, string, word, operator, bracket] = match;
  const piece = number ?? string ?? word ?? operator ?? bracket ?? "";
  const offset = match.index + all.length - piece.length;
  if (number !== undefined) return { kind: "number", value: finite(number, text, offset), offset };
  if (string !== undefined) return { kind: "string", value: string.slice(1, -1), offset };
  if (operator !== undefined) {
    return { kind: "operator", operator: operator as ConditionOperator, offset };
  }
  switch (piece) {
    case "and":
    case "or":
    case "not":
    case "(":
    case ")":
      return { kind: piece, offset };
    case "":
      return { kind: "end", offset };
    default:
      return { kind: "name", name: piece, offset };
  }
}

/** Digits alone can name a number that is too great to be one. */
function finite(digits: string, text: string, offset: number): number {
  const value = Number(digits);
  if (Number.isFinite(value)) return value;
  throw new ConditionError({
    kind: "limit",
    text,
    offset,
    problem: "a number that is too great",
    got: quote(digits),
    expected: `at most ${Number.MAX_VALUE}`,
  });
}

function tooComplex(text: string, offset: number): ConditionError {
  return new ConditionError({
    kind: "limit",
    text,
    offset,
    problem: "too complex",
    got: `more than ${TOKENS_MAX} tokens`,
    expected: `at most ${TOKENS_MAX}, the end among them`,
  });
}

function lexicalError(text: string, start: number): ConditionError {
  const offset = start + text.slice(start).search(/[^\t\n\v\f\r ]/);
  const sign = text.charAt(offset);
  if (sign === '"' || sign === "'") {
    return new ConditionError({
      kind: "lexical",
      text,
      offset,
      problem: "Unterminated string",
      got: quote(text.slice(offset)),
      expected: `a closing ${sign}`,
    });
  }
  if (sign === "=") {
    return new ConditionError({
      kind: "lexical",
      text,
      offset,
      problem: "Unexpected operator",
      got: quote(sign),
      expected: '"==" for equal',
    });
  }
  return unexpectedCharacter(text, offset);
}

function unexpectedCharacter(text: string, offset: number): ConditionError {
  const sign = String.fromCodePoint(text.codePointAt(offset)!);
  const isForeign = FOREIGN.test(sign);
  const code = sign.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0");
  return new ConditionError({
    kind: "lexical",
    text,
    offset,
    problem: "Unexpected character",
    got: isForeign ? `U+${code}` : quote(sign),
    expected: isForeign
      ? "printable ASCII"
      : "names, numbers, texts in quotes, >= <= > < == !=, and, or, not, parentheses",
  });
}
