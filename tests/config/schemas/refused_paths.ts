import { fixedEnv } from "../../../config/env_reader.ts";
import { ConfigError } from "../../../config/files/config_error.ts";
import type { ConfigSchema } from "../../../config/files/config_schema.ts";
import { parseConfig } from "../../../config/files/parse_config.ts";

/** @returns The paths of all that a schema refuses in a text; none when it takes it. */
export async function refusedPaths(
  text: string,
  schema: ConfigSchema<unknown>,
): Promise<readonly string[]> {
  try {
    await parseConfig(text, schema, { env: fixedEnv({}) });
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.faults.map(({ path }) => path);
  }
}
