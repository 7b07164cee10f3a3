import { nearestWord } from "../nearest_word.ts";

/** A feature's answer was asked for before the feature was probed. */
export class NotProbedError extends Error {
  /** Tells this error from others. */
  override readonly name = "NotProbedError";
  /** A stable code for programs. */
  readonly code = "NOT_PROBED";
  /** The features that have no answer yet. */
  readonly features: readonly string[];

  /**
   * Makes the error.
   *
   * @param features The features that have no answer yet.
   */
  constructor(features: readonly string[]) {
    super(
      `Cannot say whether ${features.join(", ")} ${
        features.length === 1 ? "is" : "are"
      } available: ` +
        "not probed yet. First await config.ready(), or use await config.isAvailable(name)",
    );
    this.features = Object.freeze([...features]);
  }
}

/** No feature of that name is registered. */
export class UnknownFeatureError extends Error {
  /** Tells this error from others. */
  override readonly name = "UnknownFeatureError";
  /** A stable code for programs. */
  readonly code = "UNKNOWN_FEATURE";
  /** The name that was asked for. */
  readonly feature: string;
  /** The registered features. */
  readonly knownFeatures: readonly string[];
  /** The registered name that looks most like it; null when none does. */
  readonly suggestion: string | null;

  /**
   * Makes the error.
   *
   * @param feature The name that was asked for.
   * @param knownFeatures The registered features.
   */
  constructor(feature: string, knownFeatures: readonly string[]) {
    const suggestion = suggest(feature, knownFeatures);
    const hint = suggestion === null ? "" : ` Did you mean "${suggestion}"?`;
    super(
      `Unknown feature ${JSON.stringify(feature)}.${hint} Known are ${knownFeatures.join(", ")}`,
    );
    this.feature = feature;
    this.knownFeatures = Object.freeze([...knownFeatures]);
    this.suggestion = suggestion;
  }
}

function suggest(feature: string, known: readonly string[]): string | null {
  return typeof feature === "string" ? nearestWord(feature, known) ?? null : null;
}

/** A feature of that name is registered already. */
export class DuplicateFeatureError extends Error {
  /** Tells this error from others. */
  override readonly name = "DuplicateFeatureError";
  /** A stable code for programs. */
  readonly code = "DUPLICATE_FEATURE";
  /** The name that is taken. */
  readonly feature: string;

  /**
   * Makes the error.
   *
   * @param feature The name that is taken.
   */
  constructor(feature: string) {
    super(`Cannot register the feature "${feature}": the name is taken`);
    this.feature = feature;
  }
}

/** What a tier lacks. */
export interface TierShortfall {
  /** Name of the tier. */
  readonly tier: string;
  /** The unavailable features among those that it needs, with the reasons. */
  readonly missing: readonly {
    /** Name of the feature. */
    readonly feature: string;
    /** Why it is unavailable. */
    readonly reason: string;
  }[];
}

/** Not even the plainest tier has what it needs. */
export class NoTierError extends Error {
  /** Tells this error from others. */
  override readonly name = "NoTierError";
  /** A stable code for programs. */
  readonly code = "NO_TIER";
  /** What each tier lacks, richest first. */
  readonly skipped: readonly TierShortfall[];

  /**
   * Makes the error.
   *
   * @param skipped What each tier lacks, richest first.
   */
  constructor(skipped: readonly TierShortfall[]) {
    super(`Cannot select a tier: ${skipped.map(describeShortfall).join("; ")}`);
    this.skipped = skipped;
  }
}

/** @returns What a tier lacks, in words. */
export function describeShortfall({ tier, missing }: TierShortfall): string {
  const reasons = missing.map(({ feature, reason }) => `${feature} (${reason})`);
  return `${tier} lacks ${reasons.join(", ")}`;
}
