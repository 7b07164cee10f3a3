import type { SchemaFault } from "../../../config/files/schema_fault.ts";
import type { RecoveryCommon } from "../../../config/schemas/recovery_common.ts";
import type { HandlerSettings } from "../../../config/schemas/recovery_handlers.ts";
import { handlerTemplate } from "./handler_template.ts";
import { readTemplate } from "./message_template.ts";

/**
 * Looks for messages and bodies of handlers that cannot be filled in: a placeholder that there is
 * not, one without an end, or a body that is to be JSON and is none; and for placeholders in URLs and
 * headers, which are sent as they stand.
 *
 * @param document A recovery document.
 * @returns What is wrong, each with the path of its text, in the order of the document. Nothing of a
 * text stands in a message, as it may come out of a variable.
 *
 * @example A misspelt placeholder
 * ```ts
 * import { parseConfig, recoverySchema } from "@baton/orchestration/config";
 * import { findHandlerFaults } from "@baton/orchestration/orchestration";
 *
 * const text = 'handlers: { page: { notify: { message: "why: {{raeson}}" } } }';
 * const { config } = await parseConfig(text, recoverySchema);
 * const [fault] = findHandlerFaults(config);
 * if (fault?.message !== "an unknown placeholder at offset 5") throw new Error(fault?.message);
 * ```
 */
export function findHandlerFaults(
  document: Pick<RecoveryCommon, "handlers">,
): readonly SchemaFault[] {
  return Object.entries(document.handlers).flatMap(([name, settings]) => [
    ...literalFaults(["handlers", name], settings),
    ...templateFaults(["handlers", name], settings),
  ]);
}

function templateFaults(at: readonly string[], settings: HandlerSettings): readonly SchemaFault[] {
  const template = handlerTemplate(settings);
  if (template === null) return [];
  const read = readTemplate(template.text, template.encoding);
  if (read.kind === "template") return [];
  return [{ path: [...at, ...template.path], message: read.message, expected: read.expected }];
}

function literalFaults(path: readonly string[], settings: HandlerSettings): readonly SchemaFault[] {
  if (!("http" in settings)) return [];
  const { url, headers } = settings.http;
  const literals = [
    { path: [...path, "http", "url"], text: url },
    ...Object.entries(headers).map(([name, text]) => ({
      path: [...path, "http", "headers", name],
      text,
    })),
  ];
  return literals.filter(({ text }) => text.includes("{{")).map(({ path }) => ({
    path,
    message: "a placeholder that is not filled in",
    expected: "placeholders in the body alone",
  }));
}
