/**
 * Names a port of a host as permissions and messages do.
 *
 * @param hostname The host: a name, or an address of IPv4 or IPv6.
 * @param port The port.
 * @returns Such as `example.org:443`, or `[::1]:443`.
 */
export function addressOf(hostname: string, port: number): string {
  return `${hostname.includes(":") ? `[${hostname}]` : hostname}:${port}`;
}
