/**
 * Finds the member of a closed set that a text spells, in any letter case: what stands at the
 * boundary to documents whose writers never agreed on one.
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
  return Object.values(members).find((member) => member.toUpperCase() === wanted);
}
