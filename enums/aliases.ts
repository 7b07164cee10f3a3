import type { ClosedSet } from "./closed_set.ts";
import { OrchestrationMode } from "./orchestration_mode.ts";
import { ServiceName } from "./service_name.ts";
import { ServiceStatus } from "./service_status.ts";

/**
 * Other names that documents use for members of some sets, in lower case: what `canonical` knows
 * beside letter case.
 */
export const ALIASES: ReadonlyMap<ClosedSet, ReadonlyMap<string, string>> = new Map<
  ClosedSet,
  ReadonlyMap<string, string>
>([
  [
    OrchestrationMode,
    new Map<string, OrchestrationMode>([
      ["legacy_categories", OrchestrationMode.LEGACY],
      ["layered_execution", OrchestrationMode.NIGHTLY],
      ["background_e2e", OrchestrationMode.BACKGROUND],
      ["hybrid_execution", OrchestrationMode.HYBRID],
    ]),
  ],
  [
    ServiceStatus,
    new Map<string, ServiceStatus>([
      ["stopped", ServiceStatus.UNAVAILABLE],
    ]),
  ],
  [
    ServiceName,
    new Map<string, ServiceName>([
      ["postgresql", ServiceName.POSTGRES],
      ["backend_service", ServiceName.BACKEND],
      ["auth_service", ServiceName.AUTH],
      ["frontend_service", ServiceName.FRONTEND],
      ["websocket_server", ServiceName.WEBSOCKET],
      ["websocket_service", ServiceName.WEBSOCKET],
    ]),
  ],
]);
