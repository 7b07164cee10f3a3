import { type EnvReader, type EnvReading, UNREADABLE } from "../env_reader.ts";
import { parseEnvFlag } from "./parse_env_flag.ts";

/** What a feature's environment variable says about it. */
export type Override =
  | {
    /** The variable is not set: the probe decides. */
    readonly kind: "none";
  }
  | {
    /** The variable decides, whatever the probe found. */
    readonly kind: "forced";
    /** What it says. */
    readonly available: boolean;
  }
  | {
    /** The variable is set to something that is no boolean: the feature is unavailable. */
    readonly kind: "invalid";
    /** The value. */
    readonly value: string;
  }
  | {
    /** The permission to read the variable is missing: the probe decides. */
    readonly kind: "denied";
  };

/** The flag that lets every override be read. */
export const ENV_FLAG = "--allow-env=ORCHESTRATION_*";

/** The variable that makes availability talk more. */
export const DEBUG_VARIABLE = "ORCHESTRATION_DEBUG";

const NONE: Override = Object.freeze({ kind: "none" });
const DENIED: Override = Object.freeze({ kind: "denied" });
const ON: Override = Object.freeze({ kind: "forced", available: true });
const OFF: Override = Object.freeze({ kind: "forced", available: false });

/**
 * Reads an override. Nothing is kept: each call answers for that moment.
 *
 * @param env The environment.
 * @param variable Name of the variable.
 * @returns What it says. A reader that throws, against its contract, reads as an invalid value.
 */
export function readOverride(env: EnvReader, variable: string): Override {
  const reading = readVariable(env, variable);
  switch (reading.kind) {
    case "unset":
      return NONE;
    case "denied":
      return DENIED;
    case "set": {
      const flag = parseEnvFlag(reading.value);
      if (flag === undefined) return Object.freeze({ kind: "invalid", value: reading.value });
      return flag ? ON : OFF;
    }
    default:
      return reading satisfies never;
  }
}

/** @returns Whether the variable says yes. */
export function isOn(override: Override): boolean {
  return override.kind === "forced" && override.available;
}

function readVariable(env: EnvReader, variable: string): EnvReading {
  try {
    return env.read(variable);
  } catch {
    return UNREADABLE;
  }
}
