import { load } from "js-yaml";
import { fixedEnv } from "../config/env_reader.ts";
import type { ConfigSchema } from "../config/files/config_schema.ts";
import { parseConfig } from "../config/files/parse_config.ts";
import { recoverySchema } from "../config/schemas/recovery.ts";
import { recoveryPoliciesSchema } from "../config/schemas/recovery_policies.ts";
import { testLayersSchema } from "../config/schemas/test_layers.ts";
import { type Figures, measureSideBySide, ms, table } from "./figures.ts";

const TIMES = 1_000;
const WARM_UP = 100;

const FILES: readonly { file: string; schema: ConfigSchema<unknown> }[] = [
  { file: "recovery.yaml", schema: recoverySchema },
  { file: "recovery_policies.yaml", schema: recoveryPoliciesSchema },
  { file: "test_layers.yaml", schema: testLayersSchema },
];

/** Reading our example files with everything that it checks, beside the bare parser. */
export async function benchConfig(times = TIMES): Promise<string> {
  const env = fixedEnv({});
  const rows: string[][] = [];
  for (const { file, schema } of FILES) {
    const url = new URL(`../examples/config/${file}`, import.meta.url);
    const text = await Deno.readTextFile(url);
    const bare = () => Promise.resolve(void load(text));
    const full = async () => void await parseConfig(text, schema, { env });
    await measureSideBySide(WARM_UP, [bare, full]);
    const [loaded, parsed] = await measureSideBySide(times, [bare, full]) as [Figures, Figures];
    rows.push([
      `${file} (${text.length.toLocaleString("en")} characters)`,
      ms(loaded.percentileMs(0.5)),
      ms(parsed.percentileMs(0.5)),
      ms(parsed.percentileMs(0.99)),
      `${(parsed.percentileMs(0.5) / loaded.percentileMs(0.5)).toFixed(2)} ×`,
    ]);
  }
  return table(`Reading configuration (${times} times each, taken in turn)`, [
    "file",
    "js-yaml `load` p50 ms",
    "`parseConfig` p50 ms",
    "p99 ms",
    "ratio of p50",
  ], rows);
}
