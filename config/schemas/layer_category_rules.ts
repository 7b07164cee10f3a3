import type { ConfigPath } from "../files/config_fault.ts";
import type { SchemaFault } from "../files/schema_fault.ts";
import type { TestCategory } from "./test_category.ts";

/** The part of a layers document that these rules read. */
interface HasCategories {
  readonly layers: Readonly<
    Record<string, { readonly categories: readonly Pick<TestCategory, "name">[] }>
  >;
}

/** Each category stands in one layer, once. */
export function layerCategoryRules({ layers }: HasCategories): readonly SchemaFault[] {
  const homes = new Map<string, string>();
  return Object.entries(layers).flatMap(([layer, { categories }]) =>
    categories.flatMap(({ name }, index) => {
      const home = homes.get(name);
      const path: ConfigPath = ["layers", layer, "categories", index, "name"];
      if (home === undefined) homes.set(name, layer);
      if (home === undefined) return [];
      const message = home === layer
        ? "a category twice in its layer"
        : `a category that layer ${home} has as well`;
      return [{ path, message, expected: "a category of this layer alone, once" }];
    })
  );
}
