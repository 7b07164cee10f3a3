import assert from "node:assert/strict";
import { checkHistory, parseHistory } from "../../cli/recovery_history_file.ts";
import { entryOf } from "./recovery_samples.ts";

const line = (extra: object = {}) => JSON.stringify({ ...extra, ...entryOf() });

Deno.test("parseHistory reads entries, log lines among others, and a document", () => {
  const log = { logged_at: "2026-01-01T00:00:00.000Z", level: "INFO", event: "recovery_action" };
  const cases = [
    { name: "lines", text: `${line()}\n${line()}\n`, entries: 2, others: [] },
    { name: "empty", text: "", entries: 0, others: [] },
    {
      name: "a log",
      text: `${line(log)}\r\n\n{"event":"fault"}\nno JSON\n${line(log)}`,
      entries: 2,
      others: [4],
    },
    {
      name: "a document",
      text: JSON.stringify({ apiVersion: "x", entries: [entryOf(), {}] }, null, 2),
      entries: 1,
      others: [2],
    },
  ];
  for (const { name, text, entries, others } of cases) {
    const file = parseHistory(text);
    assert.equal(file.entries.length, entries, name);
    assert.deepEqual(file.unreadableNumbers, others, name);
    assert.equal(file.unreadableLines, others.length, name);
  }
});

Deno.test("parseHistory takes nothing for an entry that a replay could not read", () => {
  const cases = [
    { result: "well" },
    { trigger: 1 },
    { timestamp: "yesterday" },
    { severity_score: "high" },
    { inputs: null },
    { inputs: { context: {}, facts: {} } },
    { step: 2, steps: 1 },
    { steps: 1e9 },
    { chain_id: undefined },
  ];
  for (const fields of cases) {
    const text = JSON.stringify({ ...entryOf(), ...fields });
    assert.equal(parseHistory(text).unreadableLines, 1, JSON.stringify(fields));
  }
});

Deno.test("checkHistory refuses a history without entries, or with lines that cannot be read", () => {
  const cases = [
    { name: "empty", text: "", skips: true, message: /no line of it is an entry/ },
    { name: "others only", text: "x", skips: true, message: /no line of it is an entry/ },
    { name: "one that is cut off", text: `${line()}\n{"id"`, skips: false, message: /\(1\): 2$/ },
    { name: "one to skip", text: `${line()}\n{"id"`, skips: true, message: null },
    { name: "whole", text: line(), skips: false, message: null },
  ];
  for (const { name, text, skips, message } of cases) {
    const check = () => checkHistory("h", parseHistory(text), { skipUnreadable: skips });
    if (message === null) assert.equal(check().entries.length, 1, name);
    else assert.throws(check, { exitCode: 2, message }, name);
  }
});
