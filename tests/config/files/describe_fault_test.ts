import assert from "node:assert/strict";
import { fixedEnv } from "../../../config/env_reader.ts";
import { composeDocument } from "../../../config/files/compose_document.ts";
import type { ConfigPath } from "../../../config/files/config_fault.ts";
import { nodeAt } from "../../../config/files/config_node.ts";
import { describeFault } from "../../../config/files/describe_fault.ts";
import { FaultList } from "../../../config/files/fault_list.ts";
import { fillInDocument } from "../../../config/files/fill_in_document.ts";
import type { SchemaFault } from "../../../config/files/schema_fault.ts";

const TEXT =
  'a: grren\nb: ${BATON_B}\nc: [x, "${BATON_C}-${BATON_B}"]\nd: ${BATON_N}\nee: { a: 1 }\n';

function describe(path: ConfigPath, rest: Partial<SchemaFault> = {}) {
  const faults = new FaultList("f", TEXT);
  const root = composeDocument(TEXT, faults);
  const env = fixedEnv({ BATON_B: "hunter2", BATON_C: "top", BATON_N: "5" });
  const document = fillInDocument(root, { env, allowEnv: [] }, faults);
  const fault = { path, message: "bad", expected: "good", ...rest };
  const { message, got, expected, hint } = describeFault(fault, nodeAt(root, path).node, document);
  return { words: [message + (hint?.() ?? ""), got, expected] };
}

Deno.test("describeFault says what is there, or what the fault says", () => {
  const cases: { path: ConfigPath; rest?: Partial<SchemaFault>; words: readonly string[] }[] = [
    { path: ["a"], words: ["bad", '"grren"', "good"] },
    { path: ["a"], rest: { got: "a colour" }, words: ["bad", "a colour", "good"] },
    {
      path: ["a"],
      rest: { known: ["red", "green"] },
      words: ['bad, did you mean "green"?', '"grren"', "good"],
    },
    {
      path: ["ee"],
      rest: { isAboutKey: true, known: ["e"] },
      words: ['bad, did you mean "e"?', '"ee"', "good"],
    },
    { path: ["ee"], words: ["bad", "a map", "good"] },
    { path: ["ee"], rest: { got: "something" }, words: ["bad", "something", "good"] },
    { path: ["nowhere"], words: ["bad", "nothing", "good"] },
    { path: ["c"], words: ["bad", "a list of 2", "good"] },
  ];
  for (const { path, rest, words } of cases) {
    assert.deepEqual(describe(path, rest).words, words, path.join());
  }
});

Deno.test("describeFault tells nothing of what came out of a variable", () => {
  const from = ", from the variable BATON_B";
  const both = ", from the variables BATON_C, BATON_B";
  const cases: { path: ConfigPath; rest?: Partial<SchemaFault>; words: readonly string[] }[] = [
    { path: ["b"], words: [`bad${from}`, "a text", "good"] },
    { path: ["b"], rest: { got: '"hunter2"' }, words: [`bad${from}`, "a text", "good"] },
    {
      path: ["b"],
      rest: { message: 'received "hunter2"', expected: "not hunter2" },
      words: [`received "…"${from}`, "a text", "not …"],
    },
    { path: ["b"], rest: { known: ["hunter"] }, words: [`bad${from}`, "a text", "good"] },
    { path: ["d"], words: ["bad, from the variable BATON_N", "a number", "good"] },
    { path: ["c", 1], words: [`bad${both}`, "a text", "good"] },
    { path: ["c"], rest: { got: "x -> top-hunter2" }, words: ["bad", "a list of 2", "good"] },
    { path: [], rest: { got: "hunter2" }, words: ["bad", "a map", "good"] },
    { path: ["b"], rest: { isAboutKey: true }, words: ["bad", '"b"', "good"] },
  ];
  for (const { path, rest, words } of cases) {
    assert.deepEqual(describe(path, rest).words, words, path.join());
  }
});
