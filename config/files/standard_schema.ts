/**
 * What Baton needs of a schema of any library that follows Standard Schema (zod, valibot, arktype):
 * see https://standardschema.dev.
 */
export interface StandardSchema<T> {
  /** The part that all such libraries share. */
  readonly "~standard": {
    /** Version of the interface. */
    readonly version: 1;
    /** The library's name. */
    readonly vendor: string;
    /** Checks a value. */
    readonly validate: (
      value: unknown,
    ) => StandardResult<T> | Promise<StandardResult<T>>;
    /** Only there to carry the type. */
    readonly types?: { readonly input: unknown; readonly output: T } | undefined;
    /** Describes the schema, where the library can do so. */
    readonly jsonSchema?: {
      /** Describes what may stand in a file. */
      readonly input: (options: { readonly target: "draft-07" }) => Record<string, unknown>;
    };
  };
}

/** What a schema says about a value: the value it reads as, or what is wrong with it. */
export type StandardResult<T> =
  | {
    /** The value, with defaults. */
    readonly value: T;
    /** Nothing is wrong. */
    readonly issues?: undefined;
  }
  | {
    /** What is wrong. */
    readonly issues: readonly StandardIssue[];
  };

/** One thing that is wrong with a value. */
export interface StandardIssue {
  /** What, in the words of the library. */
  readonly message: string;
  /** The keys that lead there. */
  readonly path?:
    | readonly (PropertyKey | {
      /** One of the keys. */
      readonly key: PropertyKey;
    })[]
    | undefined;
}
