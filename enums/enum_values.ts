import type { ClosedSet, MemberOf } from "./closed_set.ts";

const known = new WeakMap<ClosedSet, readonly string[]>();

/**
 * Lists the members of a closed set. A set is read once: what is added to the object later is no
 * member.
 *
 * @param set The const object.
 * @returns Its values in the order of their declaration, frozen.
 *
 * @example The stages of a layer
 * ```ts
 * import { enumValues, ProgressGranularity } from "@baton/orchestration/enums";
 *
 * const choices = enumValues(ProgressGranularity);
 * if (choices.join() !== "layer,category,test") throw new Error("unexpected");
 * ```
 */
export function enumValues<E extends ClosedSet>(set: E): readonly MemberOf<E>[] {
  let values = known.get(set);
  if (values === undefined) {
    values = Object.freeze(Object.values(set));
    known.set(set, values);
  }
  return values as readonly MemberOf<E>[];
}

/**
 * Says whether something is a member of a closed set, letter by letter.
 *
 * @param set The const object.
 * @param value Anything.
 * @returns True when it is one of the set's texts.
 *
 * @example Narrow what was read
 * ```ts
 * import { isEnumValue, LayerType } from "@baton/orchestration/enums";
 *
 * const read: unknown = "e2e_background";
 * if (!isEnumValue(LayerType, read)) throw new Error("unreachable");
 * const layer: LayerType = read;
 * if (isEnumValue(LayerType, layer.toUpperCase())) throw new Error("letter case counts");
 * ```
 */
export function isEnumValue<E extends ClosedSet>(set: E, value: unknown): value is MemberOf<E> {
  return typeof value === "string" && (enumValues(set) as readonly string[]).includes(value);
}
