import assert from "node:assert/strict";
import { CliError, renderErrorJson, reportLine, reportOf } from "../../cli/cli_error.ts";
import { StoreUnavailableError } from "../../coordination/errors.ts";

Deno.test("reportOf gives code, message and hint of any error", () => {
  const details = "Look closer";
  const cases = [
    {
      error: new CliError("no", { code: "NO", exitCode: 3, hint: "do" }),
      report: { code: "NO", message: "no", hint: "do" },
    },
    {
      error: new StoreUnavailableError("read", new Error("gone")),
      report: {
        code: "STORE_UNAVAILABLE",
        message: "Cannot read: the store is unavailable (Error: gone)",
        hint: null,
      },
    },
    { error: new Error("bug"), report: { code: "UNEXPECTED", message: "bug", hint: details } },
    {
      error: new TypeError(),
      report: { code: "UNEXPECTED", message: "TypeError", hint: details },
    },
    { error: "text", report: { code: "UNEXPECTED", message: "text", hint: null } },
  ];
  for (const { error, report } of cases) {
    assert.deepEqual(reportOf(error, details), report);
  }
});

Deno.test("reportOf has no hint for what nobody foresaw when there is nothing to look closer at", () => {
  assert.equal(reportOf(new Error("bug")).hint, null);
});

Deno.test("reportLine is one line that cannot command a terminal", () => {
  assert.equal(
    reportLine("baton x", { code: "", message: "a\n  b\u001b[31m", hint: "Do c" }),
    "baton x: a b\ufffd[31m. Do c\n",
  );
  assert.equal(reportLine("baton x", { code: "", message: "a", hint: null }), "baton x: a\n");
});

Deno.test("reportOf and reportLine tell details, a line each", () => {
  const fields = { code: "NO", exitCode: 2, hint: "do" };
  const report = reportOf(new CliError("no", { ...fields, details: ["a\u001b", "b\nc"] }));
  assert.deepEqual(report.details, ["a\u001b", "b\nc"]);
  assert.equal(reportLine("x", report), "x: no. do\n  a\ufffd\n  b c\n");
});

Deno.test("CliError does not pass by itself unless it says so", () => {
  const fields = { code: "NO", exitCode: 3, hint: "do" };
  assert.equal(new CliError("no", fields).passing, false);
  assert.equal(new CliError("no", { ...fields, passing: true }).passing, true);
});

Deno.test("renderErrorJson is one document", () => {
  const report = { code: "X", message: "m", hint: null };
  assert.deepEqual(JSON.parse(renderErrorJson(report)), { apiVersion: "baton/v1", error: report });
});
