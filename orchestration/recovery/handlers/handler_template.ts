import type { HandlerSettings } from "../../../config/schemas/recovery_handlers.ts";
import { bodyEncoding } from "./body_encoding.ts";
import type { TemplateEncoding } from "./message_template.ts";

/** The text with placeholders that a handler has. */
export interface HandlerTemplate {
  /** The keys that lead to it from the handler. */
  readonly path: readonly string[];
  /** The text. */
  readonly text: string;
  /** What becomes of the values that are filled in. */
  readonly encoding: TemplateEncoding;
}

/** @returns The text with placeholders of a handler; null when it has none. */
export function handlerTemplate(settings: HandlerSettings): HandlerTemplate | null {
  if ("http" in settings) {
    const { body, headers } = settings.http;
    if (body === null) return null;
    return { path: ["http", "body"], text: body, encoding: bodyEncoding(headers) };
  }
  if ("log" in settings) return message("log", settings.log.message);
  if ("notify" in settings) return message("notify", settings.notify.message);
  return null;
}

function message(kind: string, text: string): HandlerTemplate {
  return { path: [kind, "message"], text, encoding: "line" };
}
