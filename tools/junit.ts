/**
 * Reads the JUnit files that `deno test --junit-path` writes. A test step counts as a test case of
 * its own there.
 *
 * Not in such a file: an error outside any test, such as a test file that cannot be loaded. Only the
 * exit code of the run tells of it.
 *
 * @module
 */

/** How a test case ended. */
export type TestOutcome = "passed" | "failed" | "skipped";

/** One test case of a JUnit file. */
export interface TestCase {
  /** Name of the test; steps are joined with `>`. */
  readonly name: string;
  /** `file:line` of the test, as far as the file tells. */
  readonly place: string;
  /** How it ended. */
  readonly outcome: TestOutcome;
}

const OPENING_TAG = /<testcase((?:\s+[\w:.-]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?)>/g;

/**
 * Reads a JUnit file.
 *
 * @param xml The whole text.
 * @returns Its test cases, in order.
 * @throws {SyntaxError} when the text is no complete JUnit document, as after a run that was cut off.
 */
export function readJunit(xml: string): TestCase[] {
  const text = xml.replace(/<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>/g, "");
  if (!/<testsuites?\b/.test(text) || !/(?:<\/testsuites?>|<testsuites?[^<]*\/>)\s*$/.test(text)) {
    throw new SyntaxError("Cannot read the test results: not a complete JUnit document");
  }
  return [...text.matchAll(OPENING_TAG)].map((tag) => {
    const start = tag.index + tag[0].length;
    const body = tag[2] === "/" ? "" : text.slice(start, text.indexOf("</testcase>", start));
    return describeCase(tag[1] ?? "", body);
  });
}

function describeCase(attributes: string, body: string): TestCase {
  const file = attributeOf(attributes, "classname") || "(unknown file)";
  const line = attributeOf(attributes, "line");
  return {
    name: attributeOf(attributes, "name"),
    place: line === "" ? file : `${file}:${line}`,
    outcome: outcomeOf(body),
  };
}

function outcomeOf(body: string): TestOutcome {
  if (/<(?:failure|error)\b/.test(body)) return "failed";
  return /<skipped\b/.test(body) ? "skipped" : "passed";
}

function attributeOf(attributes: string, name: string): string {
  const found = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(attributes);
  return unescapeXml(found?.[1] ?? found?.[2] ?? "");
}

function unescapeXml(text: string): string {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"')
    .replaceAll("&apos;", "'").replaceAll("&amp;", "&");
}
