import { AVAILABLE, type FeatureProbe, unavailable } from "../feature_probe.ts";
import { messageOf } from "../settle_probe.ts";
import { hostOf } from "./host_of.ts";
import { missingPermission } from "./missing_permission.ts";

/** Options of {@link httpProbe}. */
export interface HttpProbeOptions {
  /**
   * The status codes that mean "available".
   *
   * @default every one from 200 to 299
   */
  readonly statusCodes?: readonly number[];
}

/**
 * Makes a probe that asks an HTTP server with GET. Redirects are not followed: they may lead where
 * no permission leads. The body is not read. Messages leave out credentials, query and fragment.
 *
 * @param url What to ask.
 * @param options Which answers mean "available".
 * @returns The probe.
 * @throws {RangeError} when the URL is not one of http or https.
 *
 * @example Is a service healthy?
 * ```ts
 * import { httpProbe, OrchestrationConfig } from "@baton/orchestration/config";
 *
 * const feature = { name: "backend", about: "API", probe: httpProbe("http://127.0.0.1:8000/health") };
 * const config = new OrchestrationConfig({ features: [feature] });
 * await config.isAvailable("backend");
 * ```
 */
export function httpProbe(url: string | URL, options: HttpProbeOptions = {}): FeatureProbe {
  const address = URL.canParse(url) ? new URL(url) : undefined;
  if (address === undefined || !/^https?:$/.test(address.protocol)) {
    throw new RangeError(`httpProbe needs an http or https URL, got "${url}"`);
  }
  const codes = options.statusCodes === undefined ? undefined : new Set(options.statusCodes);
  const shown = `${address.origin}${address.pathname}`;
  return async ({ signal }) => {
    const missing = await missingPermission({ name: "net", host: hostOf(address) });
    if (missing !== null) return unavailable(missing);
    try {
      const response = await fetch(address, { signal, redirect: "manual" });
      await response.body?.cancel();
      const good = codes?.has(response.status) ?? response.ok;
      return good ? AVAILABLE : unavailable(`${shown} answered with status ${response.status}`);
    } catch (error) {
      return unavailable(`cannot reach ${shown}: ${safeMessage(error, address, shown)}`);
    }
  };
}

/** What fetch says repeats the URL with its query, which may hold a secret. */
function safeMessage(error: unknown, address: URL, shown: string): string {
  const cause = error instanceof Error ? error.cause ?? error : error;
  const text = messageOf(cause).replaceAll(`${shown}${address.search}`, shown);
  const secrets = [address.search.slice(1), address.username, address.password];
  return secrets.some((each) => each !== "" && text.includes(each)) ? "the request failed" : text;
}
