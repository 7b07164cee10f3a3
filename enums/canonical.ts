import { ALIASES } from "./aliases.ts";

/**
 * Finds the member of a closed set that a text spells, in any letter case, or by a name that older
 * documents use for it: what stands at the boundary to documents whose writers never agreed on one.
 *
 * Such names are known for three sets. `OrchestrationMode`: `legacy_categories` is legacy,
 * `layered_execution` nightly, `background_e2e` background, `hybrid_execution` hybrid.
 * `ServiceStatus`: `stopped` is unavailable. `ServiceName`: see `canonicalServiceName`.
 *
 * @param members The const object of the set.
 * @param text What was read.
 * @returns The member in its canonical spelling, or undefined when there is none.
 *
 * @example Two spellings, one member
 * ```ts
 * import { canonical, SystemStatus } from "@baton/orchestration/enums";
 *
 * const status = canonical(SystemStatus, "healthy");
 * if (status !== SystemStatus.HEALTHY) throw new Error("not recognised");
 * ```
 */
export function canonical<T extends string>(
  members: Readonly<Record<string, T>>,
  text: unknown,
): T | undefined {
  if (typeof text !== "string") return undefined;
  const wanted = text.toUpperCase();
  const member = Object.values(members).find((each) => each.toUpperCase() === wanted);
  return member ?? ALIASES.get(members)?.get(text.toLowerCase()) as T | undefined;
}
