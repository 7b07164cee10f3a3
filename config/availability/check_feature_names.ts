import { UnknownFeatureError } from "./availability_errors.ts";

/**
 * Checks that features are there, before anything is probed for them.
 *
 * @param names Names of features.
 * @param known Names of the registered features.
 * @throws {UnknownFeatureError} for the first that is not there.
 */
export function checkFeatureNames(names: readonly string[], known: readonly string[]): void {
  for (const name of names) {
    if (!known.includes(name)) throw new UnknownFeatureError(name, known);
  }
}
