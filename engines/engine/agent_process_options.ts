import { isObject } from "../../enums/records/field.ts";
import { showValue } from "../../enums/show_value.ts";
import { checkOptionNames } from "../option_names.ts";
import { checkWithin } from "./engine_limits.ts";

/** What the process of an agent is like. */
export interface AgentProcessOptions {
  /**
   * The Deno that runs it: a path, or a name on the PATH. It must be Deno itself and no script that
   * starts it: a script would be killed in its place.
   *
   * @default Deno.execPath(); a compiled program must name one
   */
  readonly executable?: string;
  /**
   * The path of a `deno.json` whose imports the module needs; the lock file beside it is used.
   *
   * @default none: bare names are not resolved
   */
  readonly configFile?: string;
  /**
   * How much memory the agent's objects may take, in MiB; more ends the process. Buffers are not
   * counted, nor is what Deno itself takes (about 60 MiB).
   *
   * @default 256
   */
  readonly memoryMaxMb?: number;
  /**
   * The whole environment of the process, such as DENO_DIR where the cache is elsewhere. The agent
   * cannot read it.
   *
   * @default empty
   */
  readonly env?: Readonly<Record<string, string>>;
}

/** What the process of an agent is like, with what is not said filled in. */
export type CheckedProcessOptions =
  & Required<Pick<AgentProcessOptions, "memoryMaxMb" | "env">>
  & Pick<AgentProcessOptions, "executable" | "configFile">;

const OPTION_NAMES: Readonly<Record<keyof AgentProcessOptions, true>> = {
  executable: true,
  configFile: true,
  memoryMaxMb: true,
  env: true,
};

/** Less than this and Deno itself does not start. */
const MEMORY_MIN_MB = 32;
const MEMORY_MAX_MB = 16_384;

/**
 * Checks what the process of an agent is to be like, and fills in what is not said.
 *
 * @param options What is said; it may be anything.
 * @returns A copy, frozen, with all of it.
 * @throws {TypeError} when something is of the wrong kind.
 * @throws {RangeError} when the memory is out of range.
 */
export function checkedProcessOptions(options: unknown = {}): CheckedProcessOptions {
  checkOptionNames("AgentModule.process", options, OPTION_NAMES);
  const { executable, configFile, memoryMaxMb = 256, env = {} } = options as Readonly<
    Record<keyof AgentProcessOptions, unknown>
  >;
  checkWithin("process.memoryMaxMb", memoryMaxMb, MEMORY_MIN_MB, MEMORY_MAX_MB);
  if (!isObject(env) || !Object.values(env).every((value) => typeof value === "string")) {
    throw new TypeError("process.env must be an object of texts");
  }
  const copy = Object.freeze({ ...env } as Record<string, string>);
  return Object.freeze({
    ...readPath("executable", executable),
    ...readPath("configFile", configFile),
    memoryMaxMb,
    env: copy,
  });
}

function readPath<K extends string>(name: K, path: unknown): { readonly [name in K]?: string } {
  if (path === undefined) return {};
  if (typeof path === "string" && path !== "") return { [name]: path } as { [name in K]: string };
  throw new TypeError(`process.${name} must be a path, got ${showValue(path)}`);
}
