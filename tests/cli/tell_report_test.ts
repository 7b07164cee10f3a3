import assert from "node:assert/strict";
import { tellReport } from "../../cli/tell_report.ts";
import { fakeIo } from "./fake_io.ts";

const REPORT = { code: "NO", message: "it {failed}\nbadly", hint: "Do x", details: ["a"] };

Deno.test("tellReport tells people in a line, with details and stack below it", () => {
  const io = fakeIo();
  tellReport(REPORT, { name: "baton x", format: "pretty", stack: "at y", io });
  assert.equal(io.err(), "baton x: it {failed} badly. Do x\n  a\nat y\n");
});

Deno.test("tellReport writes one line of JSON like those of the log", () => {
  const io = fakeIo();
  tellReport(REPORT, { name: "baton x", format: "json", stack: "at\ny", io });
  assert.equal(io.err().trimEnd().split("\n").length, 1);
  const { "@timestamp": timestamp, ...told } = JSON.parse(io.err());
  assert.equal(timestamp, new Date(io.clock.now()).toISOString());
  assert.deepEqual(told, {
    level: "ERROR",
    logger: "baton.cli",
    message: "it {failed}\nbadly",
    command: "baton x",
    code: "NO",
    hint: "Do x",
    details: ["a"],
    stack: "at\ny",
  });
});
