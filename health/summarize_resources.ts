import { ResourceHealth } from "../enums/resource_health.ts";
import type { SystemStatus } from "../enums/system_status.ts";
import type { ResourceKind } from "./checks/health_check.ts";
import { worstResource } from "./classify_health.ts";
import type { HealthCheckDict } from "./component_record.ts";
import type { HealthState } from "./health_state.ts";

/** What the summary needs of a component. */
export interface ResourceView {
  readonly name: string;
  readonly status: SystemStatus;
  /** The resource that it is about; undefined for none. */
  readonly resource: ResourceKind | undefined;
  readonly latest: HealthCheckDict | null;
}

const RESOURCE_HEALTH: Readonly<Record<SystemStatus, ResourceHealth>> = {
  HEALTHY: ResourceHealth.HEALTHY,
  DEGRADED: ResourceHealth.WARNING,
  FAILED: ResourceHealth.CRITICAL,
  UNKNOWN: ResourceHealth.UNKNOWN,
};

/** The resources of a health document, with all that is in it. */
export type ResourceSummary =
  & Required<NonNullable<HealthState["resources"]>>
  & { readonly status: { readonly overall: ResourceHealth } };

/** @returns The resources by their worst components, and every figure as `<component>_<figure>`. */
export function summarizeResources(components: readonly ResourceView[]): ResourceSummary {
  const worst = (kind: ResourceKind) =>
    worstResource(
      components.filter((each) => each.resource === kind).map((each) =>
        RESOURCE_HEALTH[each.status]
      ),
    );
  const [cpu, memory, disk] = [worst("cpu"), worst("memory"), worst("disk")];
  return {
    status: { cpu, memory, disk, overall: worstResource([cpu, memory, disk]) },
    current_metrics: Object.fromEntries(components.flatMap(metricsOf)),
    available: components.some((each) => each.resource !== undefined),
  };
}

function metricsOf({ name, latest }: ResourceView): (readonly [string, number])[] {
  if (latest === null) return [];
  const figures = Object.entries(latest.metadata);
  return [...figures, ["latency_ms", latest.latency_ms] as const]
    .map(([figure, value]) => [`${name}_${figure}`, value]);
}
