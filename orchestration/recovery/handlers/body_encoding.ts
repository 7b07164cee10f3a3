import type { TemplateEncoding } from "./message_template.ts";

const JSON_TYPE = "application/json";

/** @returns The headers with the type of the body, which is JSON unless they say otherwise. */
export function bodyHeaders(
  headers: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return typeIn(headers) === undefined ? { ...headers, "content-type": JSON_TYPE } : headers;
}

/** @returns How values are filled in into a body that is sent with those headers. */
export function bodyEncoding(headers: Readonly<Record<string, string>>): TemplateEncoding {
  const type = (typeIn(headers) ?? JSON_TYPE).split(";", 1)[0]!.trim().toLowerCase();
  if (type === JSON_TYPE || type.endsWith("+json")) return "json";
  return type === "application/x-www-form-urlencoded" ? "form" : "text";
}

function typeIn(headers: Readonly<Record<string, string>>): string | undefined {
  return Object.entries(headers).find(([name]) => name.toLowerCase() === "content-type")?.[1];
}
