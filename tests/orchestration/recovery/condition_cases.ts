import type { ConditionErrorKind } from "../../../orchestration/recovery/condition_error.ts";

/** What a row says of one text: whether it holds, or how it is refused and with which words. */
export type Expectation =
  | boolean
  | { readonly at: "parse" | "evaluate"; readonly kind: ConditionErrorKind; readonly says: string };

/** One text of a row of the reference's table of conditions, in one context. */
export interface ConditionCase {
  /** The row's number. */
  readonly row: number;
  readonly text: unknown;
  readonly context: unknown;
  readonly expected: Expectation;
}

/** The context that the table calls C, and the one it calls D. */
const C = { severity: 0.85, recurrence_count: 2, confidence: 0.9, step: 1 };

/** The values that the last tests of the table are done with. */
const E = { severity: 0.75, recurrence_count: 4, confidence: 0.92, step: 7, duration: 150 };

const lexical = (says: string): Expectation => ({ at: "parse", kind: "lexical", says });
const syntax = (says = "Unexpected"): Expectation => ({ at: "parse", kind: "syntax", says });
const type = (says: string): Expectation => ({ at: "parse", kind: "type", says });
const limit: Expectation = { at: "parse", kind: "limit", says: "too complex" };
const notAllowed: Expectation = { at: "parse", kind: "unknown_variable", says: "not allowed" };
const alone = type("no condition by itself");
const missing: Expectation = {
  at: "evaluate",
  kind: "missing_variable",
  says: "not provided in context",
};
const wrongValue: Expectation = { at: "evaluate", kind: "type", says: "wrong type" };

function row(
  number: number,
  texts: unknown,
  ...outcomes: readonly (readonly [context: unknown, expected: Expectation])[]
): ConditionCase[] {
  const list = Array.isArray(texts) ? texts : [texts];
  return list.flatMap((text) =>
    outcomes.map(([context, expected]) => ({ row: number, text, context, expected }))
  );
}

const at = (severity: number, recurrence_count = 0, confidence = 0, step = 0) => ({
  severity,
  recurrence_count,
  confidence,
  step,
});
const times = (count: number, text: string, by: string) => Array(count).fill(text).join(by);
const nested = (depth: number) => `${"(".repeat(depth)}severity >= 0.8${")".repeat(depth)}`;

/** Every row of the table. */
export const CASES: readonly ConditionCase[] = [
  ...row(1, "always", [{}, true]),
  ...row(2, "always", [{ severity: 0.5 }, true]),
  ...row(3, ["ALWAYS", "  Always \n"], [{}, true]),
  ...row(4, "always and severity >= 0.5", [C, notAllowed]),
  ...row(5, "(always)", [C, notAllowed]),
  ...row(6, "severity >= 0.8", [at(0.9), true], [at(0.7), false], [at(0.8), true]),
  ...row(7, "severity >= 0.5", [at(0.5), true], [at(0.4), false]),
  ...row(8, "severity <= 0.5", [at(0.5), true], [at(0.6), false]),
  ...row(9, "severity > 0.5", [at(0.6), true], [at(0.5), false]),
  ...row(10, "severity < 0.5", [at(0.4), true], [at(0.5), false]),
  ...row(11, "severity == 0.5", [at(0.5), true], [at(0.4), false]),
  ...row(12, "severity != 0.5", [at(0.4), true], [at(0.5), false]),
  ...row(13, "severity == 0.8", [at(0.8), true]),
  ...row(
    14,
    "severity >= 0.8 and recurrence_count >= 2",
    [at(0.9, 3), true],
    [at(0.7, 3), false],
    [at(0.9, 1), false],
    [at(0.7, 1), false],
  ),
  ...row(
    15,
    "severity >= 0.9 or recurrence_count >= 5",
    [at(0.95, 1), true],
    [at(0.5, 6), true],
    [at(0.95, 6), true],
    [at(0.5, 1), false],
  ),
  ...row(
    16,
    "(severity >= 0.8 or recurrence_count >= 5) and confidence >= 0.7",
    [at(0.9, 1, 0.8), true],
    [at(0.5, 6, 0.8), true],
    [at(0.9, 1, 0.5), false],
  ),
  ...row(
    17,
    "severity >= 0.9 or recurrence_count >= 2 and confidence >= 0.7",
    [at(0.95, 1, 0.5), true],
    [at(0.5, 3, 0.8), true],
    [at(0.5, 3, 0.5), false],
    [at(0.5, 1, 0.8), false],
  ),
  ...row(
    18,
    "((severity >= 0.8 and recurrence_count >= 2) or confidence >= 0.95)",
    [at(0.9, 3, 0.5), true],
    [at(0.5, 1, 0.96), true],
    [at(0.5, 1, 0.5), false],
  ),
  ...row(
    19,
    "severity >= 0.8 and recurrence_count >= 2 and confidence >= 0.7 and step >= 1",
    [at(0.9, 3, 0.8, 2), true],
    [at(0.9, 3, 0.6, 2), false],
  ),
  ...row(20, "recurrence_count >= 3", [at(0, 5), true], [at(0, 2), false]),
  ...row(21, "severity >= 0.75", [at(0.8), true], [at(0.74), false]),
  ...row(22, 'severity == "high"', [{ severity: 0.1 }, false]),
  ...row(23, 'severity == "high"', [C, false]),
  ...row(24, "severity != 'high'", [C, true]),
  ...row(25, "severity > 'high'", [C, type("cannot be compared")]),
  ...["severity", "recurrence_count", "confidence", "step", "duration"].flatMap((name) =>
    row(26, `${name} >= 0.5`, [{ [name]: 0.5 }, true])
  ),
  ...row(27, "malicious_var >= 0.5", [C, notAllowed]),
  ...row(28, "severity >= 0.8", [{}, missing]),
  ...row(29, 'severity == "unterminated', [C, lexical("Unterminated string")]),
  ...row(30, "severity = 0.8", [C, lexical("Unexpected operator")]),
  ...row(31, "severity @@ 0.8", [C, lexical("Unexpected")]),
  ...row(32, "(severity >= 0.8 and recurrence_count >= 2", [C, syntax("Unexpected end")]),
  ...row(33, ["", "   "], [{}, syntax("Unexpected end")]),
  ...row(34, times(30, "severity >= 0.1", " and "), [C, limit]),
  ...row(35, times(12, "severity >= 0.1", " and "), [C, true]),
  ...row(35, times(13, "severity >= 0.1", " and "), [C, limit]),
  ...row(36, nested(23), [C, true]),
  ...row(36, nested(24), [C, limit]),
  ...row(37, ["  severity   >=   0.8  ", "severity>=0.8", "severity\n\t>=\r\n 0.8\n"], [
    at(0.9),
    true,
  ]),
  ...row(38, "severity >= 0", [at(0), true], [at(-1), false], [at(-0.5), false]),
  ...row(39, "severity >= 0.001", [at(0.002), true], [at(0.0001), false]),
  ...row(40, "recurrence_count >= 1000000", [at(0, 1_000_001), true]),
  ...row(41, "print(severity)", [C, notAllowed]),
  ...row(42, "severity.__class__", [C, lexical("Unexpected")]),
  ...row(43, "import os", [C, notAllowed]),
  ...row(44, "invalid syntax here", [C, notAllowed]),
  ...row(45, "severity < 0.9", [C, true]),
  ...row(45, "severity >= 0.9", [C, false]),
  ...row(46, "severity >= 0.5", [E, true]),
  ...row(47, "severity >= 0.5 and recurrence_count > 2", [E, true], [at(0.2, 1), false]),
  ...row(
    48,
    "(severity >= 0.8 or (confidence > 0.9 and recurrence_count >= 3)) and step < 10",
    [E, true],
  ),
  ...row(49, "duration > 100 and step >= 5", [E, true]),
  ...row(50, "severity >= 0.5 or recurrence_count > 10 or confidence > 0.99", [E, true]),
  ...row(51, "step == 7 and recurrence_count == 4", [E, true]),
  ...row(52, "severity != 0.5 and confidence != 0.0", [E, true]),
  ...row(53, "0.8 <= severity", [C, true]),
  ...row(54, ["1 == 1", "1 < 2"], [{}, true]),
  ...row(54, "2 <= 1", [{}, false]),
  ...row(55, ["'a' < 'b'", `"a" == 'a'`, "'' == ''"], [{}, true]),
  ...row(56, "severity == 'high'", [{ severity: "high" }, true]),
  ...row(57, "severity", [C, alone]),
  ...row(58, "(severity) >= 0.8", [C, alone]),
  ...row(58, "severity >= (0.8)", [C, syntax()]),
  ...row(59, ["()", "severity >= 0.8)"], [C, syntax()]),
  ...row(60, "0.5 < severity < 0.9", [C, syntax()]),
  ...row(
    61,
    ["severity >= 0.8 and", "and severity >= 0.8", "step > 0 or or step > 0"],
    [C, syntax()],
  ),
  ...row(62, "severity >= 0.8 severity", [C, syntax()]),
  ...row(
    63,
    ["severity >= 0.8 AND step >= 1", "step > 0 Or step > 1", "NOT step >= 1"],
    [C, notAllowed],
  ),
  ...row(64, "not severity >= 0.8", [C, false], [at(0.7), true]),
  ...row(65, ["true", "True == True"], [C, notAllowed]),
  ...row(66, ["severity >= -1", "severity >= +1"], [C, lexical("Unexpected")]),
  ...row(67, ["severity >= 1e3", "severity >= 0x1", "severity >= 1_000"], [C, notAllowed]),
  ...row(67, "severity >= 1e-3", [C, lexical("Unexpected")]),
  ...row(68, ["severity >= .5", "severity >= 00.5"], [C, true]),
  ...row(68, "severity >= 5.", [C, false]),
  ...row(69, "severity >= 007", [C, false], [at(7), true]),
  ...row(70, "severity >= 1.2.3", [C, syntax()]),
  ...row(70, "severity >= .", [C, lexical("Unexpected")]),
  ...row(71, ["severity === 1", "severity => 1", "severity =< 1", "severity >== 1"], [
    C,
    lexical("Unexpected operator"),
  ]),
  ...row(71, ["severity <> 1", "severity >> 1"], [C, syntax()]),
  ...row(71, ["! severity >= 1", "!severity"], [C, lexical("Unexpected")]),
  ...["&&", "||", "&", "+", "*", "%", ";", "#", "[ ]", "{ }", "$", "\\"].flatMap((sign) =>
    row(72, `severity >= 0.8 ${sign} step >= 1`, [C, lexical("Unexpected")])
  ),
  ...[
    "__import__('os')",
    "_severity",
    "severity_",
    "severity2",
    "Severity",
    "order",
    "android",
  ].flatMap((name) => row(73, [name, `${name} >= 1`], [C, notAllowed])),
  ...row(74, "duration > 180", [C, missing]),
  ...row(75, "severity >= 0.7 or duration > 180", [C, true]),
  ...row(
    76,
    "severity >= 0.9 or stabilization_failed",
    [C, false],
    [{ ...C, stabilization_failed: false }, false],
    [{ ...C, stabilization_failed: true }, true],
  ),
  ...row(77, "severity >= 0.85 or restart_failed", [C, true]),
  ...row(78, ["severity>=0.8and step>=1", "(severity>=0.8)or(step>=9)"], [C, true]),
  ...row(79, ["severity>=0.8 and_step>=1", "severity>=0.8 orstep>=1", "orstep>=1"], [
    C,
    notAllowed,
  ]),
  ...row(80, "severity == 'a\\'b'", [C, lexical("Unterminated string")]),
  ...[null, true, 5, [1], {}].flatMap((text) => [
    { row: 81, text, context: C, expected: type("no text") },
  ]),
  ...row(82, "severity >= 0.1", [{ severity: null }, missing]),
  ...row(83, "severity >= 0.1", [{ severity: NaN }, false]),
  ...row(83, "severity != severity", [{ severity: NaN }, true]),
  ...row(84, "severity >= 1", [{ severity: true }, wrongValue]),
  ...row(86, ["severity >= 0.8\u0000", "severity\u00a0>= 0.8", "severity >= \u0663"], [
    C,
    lexical("Unexpected character"),
  ]),
];
