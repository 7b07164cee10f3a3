import { dirname } from "node:path";

/** Where a store is: a file on this machine, or a KV Connect server. */
export type StoreTarget =
  | { readonly kind: "file"; readonly path: string; readonly folder: string }
  | { readonly kind: "remote"; readonly url: string; readonly host: string };

/**
 * Reads a path or URL.
 *
 * @param text The path, or a URL that starts with http:// or https://.
 * @returns Which store it names.
 * @throws {RangeError} when it names none that processes could share.
 */
export function parseStoreTarget(text: string): StoreTarget {
  if (text.trim() === "") throw new RangeError("expected a path or URL, got an empty text");
  if (text === ":memory:") {
    throw new RangeError("expected a path or URL: processes cannot share a store in memory");
  }
  if (!/^[a-z][a-z0-9+.-]+:\/\//i.test(text)) {
    return { kind: "file", path: text, folder: dirname(text) };
  }
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !["http:", "https:"].includes(url.protocol)) {
    throw new RangeError(`expected a path or a URL with http or https, got "${text}"`);
  }
  return { kind: "remote", url: text, host: url.host };
}

/** @returns The path or URL, as it was given. */
export function storeLocation(target: StoreTarget): string {
  return target.kind === "file" ? target.path : target.url;
}
