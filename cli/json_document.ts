/** Version of the JSON documents; changes when a key changes its meaning or goes away. */
const API_VERSION = "baton/v1";

/**
 * Renders what a command tells programs. JSON leaves the control characters U+007F to U+009F as they
 * are, and some terminals obey them: they are escaped.
 *
 * @param document What is told.
 * @returns Exactly one JSON document, with its version and a line break.
 */
export function jsonDocument(document: Readonly<Record<string, unknown>>): string {
  return `${escaped(JSON.stringify({ apiVersion: API_VERSION, ...document }, null, 2))}\n`;
}

/** @returns A value as JSON on one line, without a version, with its line break; escaped likewise. */
export function jsonLine(value: object): string {
  return `${escaped(JSON.stringify(value))}\n`;
}

function escaped(json: string): string {
  return json.replace(
    /[\u007f-\u009f]/g,
    (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
