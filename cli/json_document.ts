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
  const escaped = JSON.stringify({ apiVersion: API_VERSION, ...document }, null, 2).replace(
    /[\u007f-\u009f]/g,
    (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return `${escaped}\n`;
}
