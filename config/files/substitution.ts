import type { EnvReader } from "../env_reader.ts";

/** Variables that every configuration may use, without being named by the caller. */
const OWN_PREFIXES: readonly string[] = ["ORCHESTRATION_*", "BATON_*"];

/** How long a text may be before and after its variables are filled in, in UTF-16 units. */
export const EXPANDED_MAX = 65_536;

const WHOLE = /^\$\{[^}]+\}$/;

/** Why a placeholder could not be filled in. */
export interface SubstitutionProblem {
  readonly variable: string;
  readonly message: string;
  readonly got: string;
  readonly expected: string;
}

/** A text after its placeholders were filled in. */
export interface Substituted {
  /** Typed when the text was one placeholder alone, else text. */
  readonly value: string | number | boolean;
  /** The same as text, as written by whoever set the variable. */
  readonly text: string;
  /** Variables whose value or default went in. */
  readonly variables: readonly string[];
  readonly problems: readonly SubstitutionProblem[];
}

/**
 * Fills in the placeholders of a text: `${NAME}`, or `${NAME:default}` where the variable may be
 * unset. One pass: what comes out of a variable is not looked at again.
 *
 * @param text A value of a document.
 * @param env The environment.
 * @param allowed Names, and prefixes such as "REDIS_*", beyond `ORCHESTRATION_*` and `BATON_*`.
 * @returns The value, with every placeholder that could not be filled in.
 */
export function substitute(
  text: string,
  env: EnvReader,
  allowed: readonly string[] = [],
): Substituted {
  const variables: string[] = [];
  const problems: SubstitutionProblem[] = [];
  if (text.length > EXPANDED_MAX) {
    return { value: text, text, variables, problems: [tooLong("too long to hold variables", "")] };
  }
  const expanded = expand(text, (inside) => {
    const filled = fillIn(inside, env, allowed);
    variables.push(filled.variable);
    if (filled.kind === "text") return filled.text;
    problems.push(filled);
    return `\${${inside}}`;
  });
  if (expanded === null) {
    problems.push(tooLong("too long once variables are filled in", variables.join(", ")));
    return { value: text, text, variables, problems };
  }
  const value = WHOLE.test(text) ? typed(expanded) : expanded;
  return { value, text: expanded, variables, problems };
}

function tooLong(message: string, variable: string): SubstitutionProblem {
  const [got, expected] = [`more than ${EXPANDED_MAX} characters`, `at most ${EXPANDED_MAX}`];
  return { variable, message, got, expected };
}

/**
 * Puts something in for each placeholder, in one pass over the text. `$${` stands for `${`; `${}`,
 * and an opening that nothing closes, stand for themselves.
 *
 * @returns The text; null when it grows too long.
 */
function expand(text: string, fill: (inside: string) => string): string | null {
  let expanded = "";
  let at = 0;
  while (expanded.length <= EXPANDED_MAX) {
    const open = text.indexOf("${", at);
    const isEscaped = open > at && text[open - 1] === "$";
    const close = open < 0 || isEscaped ? open : text.indexOf("}", open);
    if (close < 0) {
      expanded += text.slice(at).replaceAll("$${", "${");
      return expanded.length <= EXPANDED_MAX ? expanded : null;
    }
    const inside = isEscaped ? "" : text.slice(open + 2, close);
    expanded += isEscaped ? text.slice(at, open - 1) : text.slice(at, open);
    expanded += inside === "" ? "${" : fill(inside);
    at = inside === "" ? open + 2 : close + 1;
  }
  return null;
}

type Filled =
  | { readonly kind: "text"; readonly variable: string; readonly text: string }
  | SubstitutionProblem & { readonly kind: "problem" };

function fillIn(inside: string, env: EnvReader, allowed: readonly string[]): Filled {
  const colon = inside.indexOf(":");
  const variable = (colon < 0 ? inside : inside.slice(0, colon)).trim();
  const fallback = colon < 0 ? undefined : inside.slice(colon + 1).trim();
  const problem = (message: string, got: string, expected: string): Filled => ({
    kind: "problem",
    variable,
    message,
    got,
    expected,
  });
  if (variable !== "" && !isAllowed(variable, allowed)) {
    const names = [...OWN_PREFIXES, ...allowed].join(", ");
    return problem(
      `the variable ${variable} may not be used here: name it in allowEnv, or with --allow-env ${variable} on the command line`,
      variable,
      `one of ${names}`,
    );
  }
  const reading = env.read(variable);
  if (reading.kind === "denied") {
    return problem(
      `the variable ${variable} may not be read`,
      "no permission",
      `--allow-env=${variable}`,
    );
  }
  const found = reading.kind === "set" ? reading.value : fallback;
  if (found !== undefined) return { kind: "text", variable, text: found };
  return problem(
    variable === "" ? "a placeholder without a name" : `the variable ${variable} is not set`,
    "nothing",
    `a value, or a default: \${${variable}:default}`,
  );
}

function isAllowed(name: string, allowed: readonly string[]): boolean {
  return [...OWN_PREFIXES, ...allowed].some((each) =>
    each.endsWith("*") ? name.startsWith(each.slice(0, -1)) : name === each
  );
}

const NUMBER = /^[+-]?(?:\d+(?:_\d+)*(?:\.(?:\d+(?:_\d+)*)?)?|\.\d+(?:_\d+)*)(?:e[+-]?\d+)?$/i;
const LEADING_ZERO = /^[+-]?0[\d_]/;

/** A number where nothing of the text would be lost: no leading zeros, no overflow, no rounding. */
function typed(text: string): string | number | boolean {
  const word = text.toLowerCase();
  if (word === "true" || word === "false") return word === "true";
  const digits = text.trim();
  if (!NUMBER.test(digits) || LEADING_ZERO.test(digits)) return text;
  const value = Number(digits.replaceAll("_", ""));
  const isLossy = !Number.isFinite(value) ||
    (Number.isInteger(value) && !Number.isSafeInteger(value));
  return isLossy ? text : value;
}
