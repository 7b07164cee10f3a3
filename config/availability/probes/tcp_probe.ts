import { AVAILABLE, type FeatureProbe, unavailable } from "../feature_probe.ts";
import { messageOf } from "../settle_probe.ts";
import { addressOf } from "./address_of.ts";
import { missingPermission } from "./missing_permission.ts";

/** Options of {@link tcpProbe}. */
export interface TcpProbeOptions {
  /** The port to connect to. */
  readonly port: number;
  /**
   * The host to connect to.
   *
   * @default "127.0.0.1"
   */
  readonly hostname?: string;
}

const PORT_MAX = 65_535;

/**
 * Makes a probe that connects to a TCP port and hangs up. Whether what listens there is healthy is
 * not asked.
 *
 * @param options Where to connect.
 * @returns The probe.
 * @throws {RangeError} when the port is none.
 *
 * @example Is a database there?
 * ```ts
 * import { OrchestrationConfig, tcpProbe } from "@baton/orchestration/config";
 *
 * const feature = { name: "postgres", about: "database", probe: tcpProbe({ port: 5432 }) };
 * const config = new OrchestrationConfig({ features: [feature] });
 * await config.isAvailable("postgres");
 * ```
 */
export function tcpProbe(options: TcpProbeOptions): FeatureProbe {
  const { port, hostname = "127.0.0.1" } = options;
  if (!Number.isInteger(port) || port < 1 || port > PORT_MAX) {
    throw new RangeError(`port must be a whole number from 1 to ${PORT_MAX}, got ${port}`);
  }
  const address = addressOf(hostname, port);
  return async ({ signal }) => {
    const missing = await missingPermission({ name: "net", host: address });
    if (missing !== null) return unavailable(missing);
    try {
      using _connection = await Deno.connect({ hostname, port, signal });
      return AVAILABLE;
    } catch (error) {
      return unavailable(`cannot connect to ${address}: ${messageOf(error)}`);
    }
  };
}
