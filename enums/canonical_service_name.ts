import { canonical } from "./canonical.ts";
import { ServiceName } from "./service_name.ts";

/**
 * Finds the service that a name stands for. Layer files, resource pools and records name the same
 * services differently: `postgresql` is `postgres`, `backend_service` is `backend`, and so on with
 * `auth_service`, `frontend_service`, `websocket_server` and `websocket_service`.
 *
 * @param text What was read.
 * @returns The service, or undefined when no service has that name.
 *
 * @example Two names, one service
 * ```ts
 * import { canonicalServiceName, ServiceName } from "@baton/orchestration/enums";
 *
 * const service = canonicalServiceName("postgresql");
 * if (service !== ServiceName.POSTGRES) throw new Error("not recognised");
 * ```
 */
export function canonicalServiceName(text: unknown): ServiceName | undefined {
  return canonical(ServiceName, text);
}
