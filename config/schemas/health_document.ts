import { z } from "zod";
import { IssueSeverity } from "../../enums/issue_severity.ts";
import { type ConfigSchema, configSchema } from "../files/config_schema.ts";
import type { SchemaFault } from "../files/schema_fault.ts";
import { name } from "./common_shapes.ts";
import {
  component,
  type HealthComponentSettings,
  interval,
  lookCount,
  lookTimeout,
} from "./health_components.ts";

/** What `health.yaml` says: which components a node watches, and how. */
export interface HealthDocument {
  /** Pause between the beginnings of two looks at a component, in seconds. Default 10. */
  readonly interval: number;
  /** How long one look may take, in seconds. Default 5. */
  readonly timeout: number;
  /** How many looks must fail in a row to fail a component. Default 3. */
  readonly failure_threshold: number;
  /** How many looks must succeed in a row to take a failed component back. Default 1. */
  readonly success_threshold: number;
  /** The components, by name. */
  readonly components: Readonly<Record<string, HealthComponentSettings>>;
}

const COMPONENTS_MAX = 1_000;

const document = z.strictObject({
  interval: interval().default(10).describe("Pause between two looks at a component, in seconds"),
  timeout: lookTimeout().default(5).describe("How long one look may take, in seconds"),
  failure_threshold: lookCount().default(3).describe(
    "How many looks must fail in a row to fail a component",
  ),
  success_threshold: lookCount().default(1).describe(
    "How many looks must succeed in a row to take a failed component back",
  ),
  components: z.record(name(), component).refine(
    (components) => Object.keys(components).length <= COMPONENTS_MAX,
    `at most ${COMPONENTS_MAX} components`,
  ).default({}).describe("The components, by name"),
}).describe("Health: components and how they are watched");

/** Warns of a look that is only slow once it has failed. */
export function slowBeforeTimeout(document: HealthDocument): readonly SchemaFault[] {
  return Object.entries(document.components).flatMap(([name, { slow, timeout }]) => {
    const limit = timeout ?? document.timeout;
    if (slow === null || slow < limit) return [];
    return [{
      path: ["components", name, "slow"],
      message: "a look that takes as long has failed",
      expected: `less than the timeout of ${limit} seconds`,
      severity: IssueSeverity.WARNING,
    }];
  });
}

/** The schema of {@link HealthDocument}, with zod behind it. */
export const schema: ConfigSchema<HealthDocument> = configSchema<HealthDocument>({
  name: "health",
  schema: document,
  rules: [slowBeforeTimeout],
});
