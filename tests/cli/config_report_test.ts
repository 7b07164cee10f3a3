import assert from "node:assert/strict";
import {
  type ConfigFileReport,
  countErrors,
  renderConfigReports,
  renderConfigReportsJson,
} from "../../cli/config_report.ts";

const fault = {
  file: "a.yaml",
  line: 1,
  column: 2,
  path: "x",
  severity: "error",
  message: "bad\u0085\u001b[31m",
  got: "1",
  expected: "2",
} as const;
const reports: ConfigFileReport[] = [
  { file: "a.yaml", kind: "layers", faults: [fault, { ...fault, severity: "warning", line: 2 }] },
  { file: "b.yaml", kind: "recovery", faults: [] },
];

Deno.test("renderConfigReports gives each fault a line, fit for a terminal", () => {
  assert.equal(
    renderConfigReports(reports),
    "error    a.yaml:1:2 x: bad\ufffd\ufffd[31m (got 1, expected 2)\n" +
      "warning  a.yaml:2:2 x: bad\ufffd\ufffd[31m (got 1, expected 2)\n" +
      "2 files checked: 1 error, 1 warning\n",
  );
  assert.equal(renderConfigReports([reports[1]!]), "1 file checked: 0 errors, 0 warnings\n");
  assert.deepEqual(reports.map(countErrors), [1, 0]);
});

Deno.test("renderConfigReportsJson gives one document without control characters", () => {
  const text = renderConfigReportsJson(reports);
  assert.ok(!text.includes("\u0085"));
  const document = JSON.parse(text);
  assert.equal(document.valid, false);
  assert.deepEqual(document.files.map((each: { valid: boolean }) => each.valid), [false, true]);
  assert.equal(document.files[0].faults[0].message, fault.message);
});
