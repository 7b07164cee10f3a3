import { deepFreeze } from "./deep_freeze.ts";
import { allowVariables } from "./allow_variables.ts";
import type { SchemaFault, ShapeFault } from "./schema_fault.ts";
import type { StandardSchema } from "./standard_schema.ts";
import { translateIssue } from "./translate_issue.ts";

/** What a configuration file must look like, and what it means. Make one with {@link configSchema}. */
export interface ConfigSchema<T> {
  /** What the file is for, such as "recovery". */
  readonly name: string;
  /**
   * Reads a document.
   *
   * @param value Plain maps, lists and scalars.
   * @returns The document with defaults, and what in it contradicts itself; or what is wrong.
   */
  parse(value: unknown): Promise<SchemaOutcome<T>>;
  /**
   * Says what holds without a file.
   *
   * @returns The document, frozen; null when there must be a file.
   */
  defaults(): Promise<T | null>;
  /**
   * Describes the file, for editors.
   *
   * @returns The schema as JSON Schema draft-7, frozen.
   */
  jsonSchema(): Promise<Readonly<Record<string, unknown>>>;
}

/** What a schema says about a document. */
export type SchemaOutcome<T> =
  | {
    /** The document can be used. */
    readonly kind: "valid";
    /** The document, with defaults. */
    readonly value: T;
    /** Where it contradicts itself; none of that keeps it from being used. */
    readonly contradictions: readonly SchemaFault[];
  }
  | {
    /** The document cannot be used. */
    readonly kind: "invalid";
    /** All that is wrong with it. */
    readonly faults: readonly ShapeFault[];
  };

/**
 * Looks for contradictions in a document that is well-formed. It must be pure and not throw.
 *
 * @param document The document, with defaults.
 * @returns What contradicts what.
 */
export type ConfigRule<T> = (document: T) => readonly SchemaFault[];

/** Options of {@link configSchema}. */
export interface ConfigSchemaOptions<T> {
  /** What the file is for, such as "recovery". */
  readonly name: string;
  /** A schema of zod or of any library that follows Standard Schema; let it refuse unknown keys. */
  readonly schema: StandardSchema<T>;
  /**
   * What to look for beyond the shape, each rule on its own.
   *
   * @default none
   */
  readonly rules?: readonly ConfigRule<T>[];
  /**
   * What an absent file stands for, as a file would say it.
   *
   * @default an empty map
   */
  readonly defaults?: unknown;
  /**
   * JSON Schema draft-7 of the file.
   *
   * @default what the schema's library makes of it, with `${NAME}` allowed wherever a value stands;
   * one that allows everything where the library cannot say
   */
  readonly jsonSchema?: Readonly<Record<string, unknown>>;
}

/**
 * Makes the schema of a configuration file from a schema of any library.
 *
 * @param options Name, schema and rules.
 * @returns The schema.
 *
 * @example A file of one's own
 * ```ts
 * import { configSchema, parseConfig } from "@baton/orchestration/config";
 * import { z } from "zod";
 *
 * interface Shop { readonly open: boolean; readonly counters: number }
 * const shop = configSchema<Shop>({
 *   name: "shop",
 *   schema: z.strictObject({ open: z.boolean(), counters: z.int().min(1).default(2) }),
 * });
 * const { config } = await parseConfig("open: yes", shop);
 * if (!config.open || config.counters !== 2) throw new Error("read wrongly");
 * ```
 */
export function configSchema<T>(options: ConfigSchemaOptions<T>): ConfigSchema<T> {
  const { name, schema, rules = [] } = options;
  let described: Readonly<Record<string, unknown>> | undefined;
  const jsonSchema = (): Readonly<Record<string, unknown>> =>
    described ??= deepFreeze(describe(options));
  const parse = async (value: unknown): Promise<SchemaOutcome<T>> => {
    const result = await schema["~standard"].validate(value);
    if (result.issues) {
      const faults = result.issues.flatMap((issue) => translateIssue(issue, value, jsonSchema));
      return { kind: "invalid", faults };
    }
    const contradictions = rules.flatMap((rule) => rule(result.value));
    return { kind: "valid", value: result.value, contradictions };
  };
  const defaults = async (): Promise<T | null> => {
    const outcome = await parse(structuredClone(options.defaults ?? {}));
    return outcome.kind === "valid" ? deepFreeze(outcome.value) : null;
  };
  return Object.freeze<ConfigSchema<T>>({
    name,
    parse,
    defaults,
    jsonSchema: () => Promise.resolve().then(jsonSchema),
  });
}

function describe<T>(
  { name, schema, jsonSchema }: ConfigSchemaOptions<T>,
): Record<string, unknown> {
  return structuredClone({
    $schema: "http://json-schema.org/draft-07/schema#",
    title: name,
    ...jsonSchema ?? allowVariables(describeByLibrary(schema)),
  });
}

/** A library throws for what JSON Schema has no words for: then nothing is said. */
function describeByLibrary<T>(schema: StandardSchema<T>): Record<string, unknown> {
  try {
    return schema["~standard"].jsonSchema?.input({ target: "draft-07" }) ?? {};
  } catch {
    return {};
  }
}
