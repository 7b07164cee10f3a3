import assert from "node:assert/strict";
import { checkIgnored } from "../../tools/check_ignored.ts";
import { formatFinding } from "../../tools/finding.ts";
import { readJunit } from "../../tools/junit.ts";
import { summarise } from "../../tools/junit_summary.ts";

const MIXED = `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="deno test" tests="4" failures="1" errors="1" time="0.007">
    <testsuite name="./a_test.ts" tests="4" disabled="1" errors="1" failures="1">
        <testcase name="passes &lt;&amp;&gt;" classname="./a_test.ts" time="0.000" line="1" col="6">
        </testcase>
        <testcase name="breaks" classname="./a_test.ts" time="0.001" line="2" col="6">
            <failure message="Uncaught">a &lt;testcase name=&quot;x&quot;/&gt; in text</failure>
        </testcase>
        <testcase name="is cancelled" classname="./a_test.ts" time="0.001" line="3" col="6">
            <error message="Cancelled"/>
        </testcase>
        <testcase name="waits" classname="./a_test.ts" time="0.000" line="4" col="11">
            <skipped/>
        </testcase>
    </testsuite>
</testsuites>
`;

const PASSED = '<testsuites><testsuite name="a"><testcase name="x"/></testsuite></testsuites>';
const EMPTY = '<?xml version="1.0"?>\n<testsuites name="deno test" tests="0"></testsuites>';

Deno.test("readJunit gives every case with its outcome when the run was mixed", () => {
  assert.deepEqual(readJunit(MIXED), [
    { name: "passes <&>", place: "./a_test.ts:1", outcome: "passed" },
    { name: "breaks", place: "./a_test.ts:2", outcome: "failed" },
    { name: "is cancelled", place: "./a_test.ts:3", outcome: "failed" },
    { name: "waits", place: "./a_test.ts:4", outcome: "skipped" },
  ]);
});

Deno.test("readJunit does not count a case when it is only quoted in CDATA", () => {
  const quoted = PASSED.replace(
    'name="x"/>',
    'name="x > y"><![CDATA[<testcase name="z"/>]]></testcase>',
  );
  assert.deepEqual(readJunit(quoted).map(({ name }) => name), ["x > y"]);
});

for (const text of ["", "not XML", MIXED.slice(0, 600), "<html></html>"]) {
  Deno.test(`readJunit throws a SyntaxError when the text is "${text.slice(0, 20)}" and ends there`, () => {
    assert.throws(() => readJunit(text), {
      name: "SyntaxError",
      message: "Cannot read the test results: not a complete JUnit document",
    });
  });
}

const SUMMARIES: readonly {
  name: string;
  xml: string;
  exitCode?: number;
  line: string;
  ok: boolean;
  notes?: readonly string[];
}[] = [
  { name: "everything passed", xml: PASSED, line: "1 passed, 0 failed", ok: true },
  {
    name: "some failed and some were skipped",
    xml: MIXED,
    line: "1 passed, 2 failed, 1 skipped",
    ok: false,
  },
  {
    name: "the failed tests explain the exit code",
    xml: MIXED,
    exitCode: 1,
    line: "1 passed, 2 failed, 1 skipped",
    ok: false,
  },
  {
    name: "nothing was run",
    xml: EMPTY,
    line: "0 passed, 0 failed",
    ok: false,
    notes: ["No test was run"],
  },
  {
    name: "the run failed outside any test",
    xml: PASSED,
    exitCode: 1,
    line: "1 passed, 1 failed",
    ok: false,
    notes: ["The run ended with exit code 1 outside any test: see its output"],
  },
];

for (const { name, xml, exitCode, line, ok, notes = [] } of SUMMARIES) {
  Deno.test(`summarise counts the cases when ${name}`, () => {
    assert.deepEqual(summarise(readJunit(xml), exitCode), { line, ok, notes });
  });
}

Deno.test("checkIgnored names the test when one was skipped", () => {
  assert.deepEqual(checkIgnored(readJunit(MIXED)).map(formatFinding), [
    './a_test.ts:4: the test "waits" was ignored. Grant what it needs in the test task of deno.json, or remove what switches it off',
  ]);
});

Deno.test("checkIgnored finds nothing when every test ran", () => {
  assert.deepEqual(checkIgnored(readJunit(PASSED)), []);
});
