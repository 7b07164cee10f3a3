import { describeShortfall, NoTierError, type TierShortfall } from "./availability_errors.ts";
import { checkFeatureNames } from "./check_feature_names.ts";
import { configLogger } from "./logger.ts";
import type { OrchestrationConfig } from "./orchestration_config.ts";
import { orchestrationConfig } from "./shared_orchestration_config.ts";

/** One way to do something. */
export interface Tier<T> {
  /**
   * What it is called in messages.
   *
   * @default "tier N", counted from 1
   */
  readonly name?: string;
  /** Features that it needs; none for a tier that always works. */
  readonly needs: readonly string[];
  /** Does it this way. */
  readonly run: T;
}

/** Options of {@link selectTier}. */
export interface SelectTierOptions {
  /**
   * Says what is available.
   *
   * @default the shared configuration
   */
  readonly config?: OrchestrationConfig;
}

/** The tier that was selected. */
export interface SelectedTier<T> {
  /** Its name. */
  readonly name: string;
  /** Does it this way. */
  readonly run: T;
  /** What each richer tier lacks, richest first. */
  readonly skipped: readonly TierShortfall[];
}

/**
 * Selects the richest way to do something that works here. Logs what the richer ones lack, as a
 * warning of the category `["baton", "config"]`.
 *
 * @param tiers The ways, richest first.
 * @param options Who says what is available.
 * @returns The first tier of which every need is available, not run yet, and what the ones before it
 * lack.
 * @throws {RangeError} when there are no tiers.
 * @throws {UnknownFeatureError} when any tier needs a feature that is not registered.
 * @throws {NoTierError} when every tier lacks something.
 *
 * @example Degrade step by step
 * ```ts
 * import { fixedEnv, OrchestrationConfig, selectTier } from "@baton/orchestration/config";
 *
 * const config = new OrchestrationConfig({
 *   env: fixedEnv({ ORCHESTRATION_DOCKER_AVAILABLE: "no" }),
 * });
 * const { name, run, skipped } = await selectTier([
 *   { name: "containers", needs: ["docker"], run: () => "with containers" },
 *   { name: "plain", needs: [], run: () => "without" },
 * ], { config });
 * if (name !== "plain" || run() !== "without") throw new Error("wrong tier");
 * if (skipped[0]?.missing[0]?.feature !== "docker") throw new Error("not told what is missing");
 * ```
 */
export async function selectTier<T>(
  tiers: readonly Tier<T>[],
  options: SelectTierOptions = {},
): Promise<SelectedTier<T>> {
  const { config = orchestrationConfig } = options;
  if (tiers.length === 0) throw new RangeError("selectTier needs at least one tier, got none");
  checkFeatureNames(tiers.flatMap(({ needs }) => needs), config.featureNames);
  const skipped: TierShortfall[] = [];
  for (const [index, tier] of tiers.entries()) {
    const name = tier.name ?? `tier ${index + 1}`;
    const shortfall = await findShortfall(name, tier.needs, config);
    if (shortfall === null) {
      logSelection(name, skipped);
      return Object.freeze({ name, run: tier.run, skipped: Object.freeze(skipped) });
    }
    skipped.push(shortfall);
  }
  throw new NoTierError(Object.freeze(skipped));
}

async function findShortfall(
  tier: string,
  needs: readonly string[],
  config: OrchestrationConfig,
): Promise<TierShortfall | null> {
  const found = await Promise.all([...new Set(needs)].map((name) => config.explain(name)));
  const missing = found.flatMap(({ name, reason }) =>
    reason === null ? [] : [Object.freeze({ feature: name, reason })]
  );
  return missing.length === 0 ? null : Object.freeze({ tier, missing: Object.freeze(missing) });
}

function logSelection(tier: string, skipped: readonly TierShortfall[]): void {
  if (skipped.length === 0) {
    configLogger.debug("Selected {tier}, the richest tier", { tier });
    return;
  }
  const missing = skipped.map(describeShortfall).join("; ");
  configLogger.warn("Selected {tier}: {missing}", { tier, missing });
}
