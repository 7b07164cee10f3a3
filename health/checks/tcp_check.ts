import { addressOf } from "../../config/availability/probes/address_of.ts";
import { tcpProbe, type TcpProbeOptions } from "../../config/availability/probes/tcp_probe.ts";
import type { HealthCheck } from "./health_check.ts";
import { probeCheck } from "./probe_check.ts";

/**
 * Makes a check that connects to a TCP port and hangs up. Whether what listens there is well is not
 * asked.
 *
 * @param options Where to connect; needs the net permission for it.
 * @returns The check.
 * @throws {RangeError} when the port is none.
 *
 * @example Watch a database
 * ```ts
 * import { HealthMonitor, tcpCheck } from "@baton/orchestration/health";
 *
 * const monitor = new HealthMonitor();
 * monitor.register({ name: "postgres", check: tcpCheck({ port: 5432 }), intervalMs: 5_000 });
 * ```
 */
export function tcpCheck(options: TcpProbeOptions): HealthCheck {
  const { port, hostname = "127.0.0.1" } = options;
  return probeCheck(tcpProbe(options), [{ name: "net", host: addressOf(hostname, port) }]);
}
