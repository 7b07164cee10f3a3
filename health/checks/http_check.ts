import { hostOf } from "../../config/availability/probes/host_of.ts";
import { httpProbe, type HttpProbeOptions } from "../../config/availability/probes/http_probe.ts";
import type { HealthCheck } from "./health_check.ts";
import { probeCheck } from "./probe_check.ts";

/**
 * Makes a check that asks an HTTP server with GET. Redirects are not followed, the body is not read,
 * and messages leave out credentials, query and fragment.
 *
 * @param url What to ask; needs the net permission for its host.
 * @param options Which answers are good ones: every one from 200 to 299, unless it says so.
 * @returns The check.
 * @throws {RangeError} when the URL is not one of http or https.
 *
 * @example Watch a service
 * ```ts
 * import { HealthMonitor, httpCheck } from "@baton/orchestration/health";
 *
 * const monitor = new HealthMonitor();
 * monitor.register({ name: "api", check: httpCheck("http://127.0.0.1:8000/health") });
 * ```
 */
export function httpCheck(url: string | URL, options: HttpProbeOptions = {}): HealthCheck {
  const probe = httpProbe(url, options);
  return probeCheck(probe, [{ name: "net", host: hostOf(new URL(url)) }]);
}
