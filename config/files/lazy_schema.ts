import type { ConfigSchema } from "./config_schema.ts";

/**
 * Makes a schema that is loaded at its first use: until then its library costs nothing.
 *
 * @param name What the file is for, such as "recovery".
 * @param load Loads the schema; asked at each use, so it should remember.
 * @returns The schema.
 */
export function lazySchema<T>(
  name: string,
  load: () => Promise<ConfigSchema<T>>,
): ConfigSchema<T> {
  return Object.freeze<ConfigSchema<T>>({
    name,
    parse: async (value) => await (await load()).parse(value),
    defaults: async () => await (await load()).defaults(),
    jsonSchema: async () => await (await load()).jsonSchema(),
  });
}
