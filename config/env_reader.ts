/** What an environment variable says. */
export type EnvReading =
  | {
    /** It is set, possibly to an empty text. */
    readonly kind: "set";
    /** Its value; a single replacement character, U+FFFD, when it cannot be read as text. */
    readonly value: string;
  }
  | {
    /** It is not set. */
    readonly kind: "unset";
  }
  | {
    /** Whether it is set is unknown: the permission to read it was not granted. */
    readonly kind: "denied";
  };

/**
 * The environment as a port. A reader never prompts and never throws, whatever the name; each call
 * answers for that moment.
 *
 * @example Tell an empty variable from a missing one
 * ```ts
 * import { fixedEnv } from "@baton/orchestration/config";
 *
 * const env = fixedEnv({ BATON_ID: "" });
 * if (env.read("BATON_ID").kind !== "set") throw new Error("it is set, to nothing");
 * if (env.read("BATON_CLUSTER").kind !== "unset") throw new Error("nobody set it");
 * ```
 */
export interface EnvReader {
  /**
   * Reads one variable.
   *
   * @param name Its name; one that no variable can have reads as not set.
   * @returns Its value, or why there is none.
   */
  read(name: string): EnvReading;
}

const UNSET: EnvReading = Object.freeze({ kind: "unset" });
const DENIED: EnvReading = Object.freeze({ kind: "denied" });

/**
 * What is read where reading fails for another reason than the permission, such as a value that is
 * not UTF-8: it is set, and to nothing that could mean something.
 */
export const UNREADABLE: EnvReading = Object.freeze({ kind: "set", value: "\ufffd" });

/** The environment of this process, under whatever permission it has. */
export const systemEnv: EnvReader = {
  read(name: string): EnvReading {
    if (!isPossibleName(name)) return UNSET;
    try {
      const { state } = Deno.permissions.querySync({ name: "env", variable: name });
      if (state !== "granted") return DENIED;
      const value = Deno.env.get(name);
      return value === undefined ? UNSET : { kind: "set", value };
    } catch (error) {
      return error instanceof Deno.errors.NotCapable ? DENIED : UNREADABLE;
    }
  },
};

/**
 * An environment of fixed variables, for tests and for callers who bring their own.
 *
 * @param variables Names and values; copied. A value of undefined is not set.
 * @returns A reader that is never denied.
 *
 * @example An environment of one variable
 * ```ts
 * import { fixedEnv } from "@baton/orchestration/config";
 *
 * const reading = fixedEnv({ ORCHESTRATION_DEBUG: "yes" }).read("ORCHESTRATION_DEBUG");
 * if (reading.kind !== "set" || reading.value !== "yes") throw new Error("not there");
 * ```
 */
export function fixedEnv(variables: Readonly<Record<string, string | undefined>>): EnvReader {
  const values = new Map(Object.entries(variables));
  return {
    read(name: string): EnvReading {
      const value = values.get(name);
      return value === undefined ? UNSET : { kind: "set", value };
    },
  };
}

/** The runtime throws for other names: empty ones, and those with "=" or a NUL. */
function isPossibleName(name: string): boolean {
  return name !== "" && !name.includes("=") && !name.includes("\0");
}
