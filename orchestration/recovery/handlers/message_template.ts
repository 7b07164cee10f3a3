import { oneLine } from "../../../config/availability/one_line.ts";
import type { ActionContext } from "../action_handler.ts";
import { isValueName, VALUE_NAMES, valueOf } from "./action_values.ts";

/** What becomes of the values that are filled in: a line of text, a part of JSON, a part of a form. */
export type TemplateEncoding = "line" | "json" | "form" | "text";

/** A text with placeholders that was read, or what is wrong with it. */
export type ReadTemplate =
  | {
    readonly kind: "template";
    /** @returns The text with the values filled in. */
    readonly render: (context: ActionContext) => string;
  }
  | {
    readonly kind: "fault";
    /** What is wrong, without a word of the text. */
    readonly message: string;
    /** What was expected, in words. */
    readonly expected: string;
  };

interface Placeholder {
  readonly name: string;
  /** Whether it stands inside a text of JSON. */
  readonly isQuoted: boolean;
}

const PLACEHOLDER = /\{\{([^{}]*)\}\}/g;
const VALUE_MAX = 2_000;

/**
 * Reads a text with placeholders such as `{{reason}}`. Values cannot break out of where they stand:
 *
 * - "json": inside a text they are escaped; elsewhere they become JSON, a text with its quotes;
 * - "form": they are encoded as in a URL;
 * - "line": line breaks become blanks, and what could steer a terminal a replacement character;
 * - "text": they stand as they are.
 *
 * A value that is not there is an empty text, or null. One longer than 2,000 characters is cut.
 */
export function readTemplate(text: string, encoding: TemplateEncoding): ReadTemplate {
  const parts: (string | Placeholder)[] = [];
  let isQuoted = false;
  let at = 0;
  for (const match of text.matchAll(PLACEHOLDER)) {
    const literal = text.slice(at, match.index);
    const name = match[1]!.trim();
    isQuoted = endsInQuotes(literal, isQuoted);
    const fault = literalFault(literal, at) ?? nameFault(name, match.index);
    if (fault !== null) return fault;
    parts.push(literal, { name, isQuoted });
    at = match.index + match[0].length;
  }
  const rest = text.slice(at);
  const fault = literalFault(rest, at);
  if (fault !== null) return fault;
  parts.push(rest);
  const fill = (valueOfName: (name: string) => unknown) =>
    parts.map((part) =>
      typeof part === "string" ? part : encode(valueOfName(part.name), part.isQuoted, encoding)
    ).join("");
  if (encoding === "json" && !isJson(fill(() => null))) {
    return { kind: "fault", message: "not JSON", expected: "JSON once placeholders are filled in" };
  }
  return { kind: "template", render: (context) => fill((name) => valueOf(name, context)) };
}

/** @returns Whether a piece of JSON ends inside of a text, given whether it begins there. */
function endsInQuotes(json: string, isQuoted: boolean): boolean {
  let inside = isQuoted;
  for (let index = 0; index < json.length; index++) {
    if (json[index] === '"') inside = !inside;
    else if (inside && json[index] === "\\") index++;
  }
  return inside;
}

function literalFault(literal: string, start: number): ReadTemplate | null {
  const at = literal.indexOf("{{");
  if (at < 0) return null;
  const message = `a placeholder without an end at offset ${start + at}`;
  return { kind: "fault", message, expected: "{{ and a name and }}" };
}

function nameFault(name: string, at: number): ReadTemplate | null {
  if (isValueName(name)) return null;
  const message = `an unknown placeholder at offset ${at}`;
  return { kind: "fault", message, expected: `one of ${VALUE_NAMES}` };
}

function encode(value: unknown, isQuoted: boolean, encoding: TemplateEncoding): string {
  switch (encoding) {
    case "json":
      return isQuoted ? JSON.stringify(textOf(value)).slice(1, -1) : jsonOf(value);
    case "form":
      return encodeURIComponent(textOf(value).toWellFormed());
    case "line":
      return oneLine(textOf(value));
    case "text":
      return textOf(value);
    default:
      return encoding satisfies never;
  }
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return "";
  return cut(typeof value === "string" ? value : JSON.stringify(value) ?? "");
}

function jsonOf(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(cut(value));
  const json = JSON.stringify(value) ?? "null";
  return json.length <= VALUE_MAX ? json : JSON.stringify(cut(json));
}

function cut(text: string): string {
  return text.length <= VALUE_MAX ? text : `${text.slice(0, VALUE_MAX)}…`;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
