import { ConditionError, quote } from "./condition_error.ts";
import { CONDITION_VARIABLES, isFlag, isVariable } from "./condition_names.ts";
import { type ConditionToken, tokenize } from "./condition_tokens.ts";
import type { ConditionOperand, ConditionTree } from "./condition_tree.ts";

/** How deep parentheses and `not` may stand in each other. */
export const DEPTH_MAX = 24;

/**
 * Reads what a condition means:
 *
 * ```text
 * condition  = "always" | or          "always" in any case, and nothing else
 * or         = and { "or" and }
 * and        = unary { "and" unary }
 * unary      = "not" unary | "(" or ")" | FLAG | comparison
 * comparison = operand OPERATOR operand
 * operand    = NUMBER | STRING | VARIABLE | FLAG
 * ```
 *
 * @param text The condition.
 * @returns What it means.
 * @throws {ConditionError} with any kind but `missing_variable`.
 */
export function readTree(text: string): ConditionTree {
  const tokens = tokenize(text);
  if (text.trim().toLowerCase() === "always") return { kind: "always" };
  return new Reader(text, tokens).read();
}

class Reader {
  readonly #text: string;
  readonly #tokens: readonly ConditionToken[];
  #at = 0;

  constructor(text: string, tokens: readonly ConditionToken[]) {
    this.#text = text;
    this.#tokens = tokens;
  }

  read(): ConditionTree {
    const tree = this.#or(0);
    if (this.#next.kind !== "end") throw this.#unexpected('"and", "or" or the end');
    return tree;
  }

  get #next(): ConditionToken {
    return this.#tokens[this.#at]!;
  }

  #or(depth: number): ConditionTree {
    let left = this.#and(depth);
    while (this.#next.kind === "or") {
      this.#at++;
      left = { kind: "or", left, right: this.#and(depth) };
    }
    return left;
  }

  #and(depth: number): ConditionTree {
    let left = this.#unary(depth);
    while (this.#next.kind === "and") {
      this.#at++;
      left = { kind: "and", left, right: this.#unary(depth) };
    }
    return left;
  }

  #unary(depth: number): ConditionTree {
    const { kind } = this.#next;
    if (kind !== "not" && kind !== "(") return this.#comparison();
    if (depth === DEPTH_MAX) throw this.#tooDeep();
    this.#at++;
    if (kind === "not") return { kind, inner: this.#unary(depth + 1) };
    const inner = this.#or(depth + 1);
    if (this.#next.kind !== ")") throw this.#unexpected('"and", "or" or ")"');
    this.#at++;
    return inner;
  }

  #comparison(): ConditionTree {
    const left = this.#operand();
    const token = this.#next;
    if (token.kind !== "operator") return this.#alone(left);
    this.#at++;
    const right = this.#operand();
    const { operator, offset } = token;
    if (operator === "==" || operator === "!=") {
      if ((left.kind === "flag") !== (right.kind === "flag")) {
        throw this.#mismatch(offset, left, right, "a flag only beside a flag");
      }
      return { kind: "equality", operator, left, right };
    }
    // A variable counts as a number here: with a text it could only ever fail.
    const isMixed = (left.kind === "string") !== (right.kind === "string");
    if (isMixed || left.kind === "flag" || right.kind === "flag") {
      throw this.#mismatch(offset, left, right, "two numbers or two texts");
    }
    return { kind: "order", operator, left, right };
  }

  #operand(): ConditionOperand {
    const token = this.#next;
    if (token.kind === "name") {
      const operand = this.#named(token.name, token.offset);
      this.#at++;
      return operand;
    }
    if (token.kind !== "number" && token.kind !== "string") {
      throw this.#unexpected("a variable, a flag, a number or a text in quotes");
    }
    this.#at++;
    return token;
  }

  #named(name: string, offset: number): ConditionOperand {
    if (isVariable(name)) return { kind: "variable", name, offset };
    if (isFlag(name)) return { kind: "flag", name, offset };
    throw this.#error("unknown_variable", offset, "a name that is not allowed", {
      got: quote(name),
      expected: allowedInsteadOf(name),
    });
  }

  /** Only a flag is a condition by itself. */
  #alone(operand: ConditionOperand): ConditionTree {
    if (operand.kind === "flag") return operand;
    if (["number", "string", "name", "("].includes(this.#next.kind)) {
      throw this.#unexpected("an operator");
    }
    throw this.#error("type", operand.offset, "a value that is no condition by itself", {
      got: describe(operand),
      expected: "an operator after it, such as >= 0.8",
    });
  }

  #mismatch(
    offset: number,
    left: ConditionOperand,
    right: ConditionOperand,
    expected: string,
  ): ConditionError {
    return this.#error("type", offset, "values that cannot be compared like that", {
      got: `${describe(left)} and ${describe(right)}`,
      expected,
    });
  }

  #tooDeep(): ConditionError {
    return this.#error("limit", this.#next.offset, "too complex", {
      got: `more than ${DEPTH_MAX} levels`,
      expected: `at most ${DEPTH_MAX}`,
    });
  }

  #unexpected(expected: string): ConditionError {
    const { kind, offset } = this.#next;
    // A name that is not allowed says more, such as AND.
    if (this.#next.kind === "name") this.#named(this.#next.name, offset);
    const end = this.#tokens[this.#at + 1]?.offset;
    const got = kind === "end" ? "the end" : quote(this.#text.slice(offset, end).trimEnd());
    const problem = kind === "end" ? "Unexpected end" : "Unexpected token";
    return this.#error("syntax", offset, problem, { got, expected });
  }

  #error(
    kind: ConditionError["kind"],
    offset: number,
    problem: string,
    found: Pick<ConditionError, "got" | "expected">,
  ): ConditionError {
    return new ConditionError({ kind, text: this.#text, offset, problem, ...found });
  }
}

function allowedInsteadOf(name: string): string {
  const word = name.toLowerCase();
  switch (word) {
    case "and":
    case "or":
    case "not":
      return `"${word}" in lower case`;
    case "always":
      return '"always" as the whole condition';
    default:
      return `${CONDITION_VARIABLES.join(", ")}, or a flag such as previous_step_failed`;
  }
}

function describe(operand: ConditionOperand): string {
  switch (operand.kind) {
    case "number":
      return "a number";
    case "string":
      return "a text";
    case "variable":
      return `the variable ${operand.name}`;
    case "flag":
      return `the flag ${operand.name}`;
    default:
      return operand satisfies never;
  }
}
