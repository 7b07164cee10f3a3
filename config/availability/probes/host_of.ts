const STANDARD_PORTS: Readonly<Record<string, string>> = { "http:": "80", "https:": "443" };

/**
 * Names the host of a URL as permissions do. The port is always there: Deno does not take a host
 * without one for the standard port.
 *
 * @param url The URL.
 * @returns Such as `example.org:443`.
 */
export function hostOf({ hostname, port, protocol }: URL): string {
  return `${hostname}:${port || STANDARD_PORTS[protocol]}`;
}
