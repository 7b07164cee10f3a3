import { oneLine } from "../../../config/availability/one_line.ts";
import type { EnvReader } from "../../../config/env_reader.ts";
import type { ActionContext } from "../action_handler.ts";
import { ActionFailedError } from "./action_failed_error.ts";

/** What besides the action goes into the environment of its program. */
export interface ActionEnvOptions {
  /** Names of the variables of this process that it gets. */
  readonly pass: readonly string[];
  /** Variables that it gets besides. */
  readonly set: Readonly<Record<string, string>>;
  /** The environment of this process. */
  readonly env: EnvReader;
}

const PARAMS_MAX = 100;
const PARAMS_MAX_LENGTH = 32_000;

/**
 * Makes all of the environment that the program of an action gets: the variables that are passed on,
 * those that are set, and what it is about. The later go before the earlier.
 *
 * @param context The action.
 * @param options What is passed on and set.
 * @returns The variables.
 * @throws {ActionFailedError} when there are more than 100 params, they are longer than 32,000
 * characters together, or two of them would have one name.
 */
export function actionEnv(
  context: ActionContext,
  { pass, set, env }: ActionEnvOptions,
): Readonly<Record<string, string>> {
  const passed = pass.flatMap((name): [string, string][] => {
    const reading = env.read(name);
    return reading.kind === "set" ? [[name, reading.value]] : [];
  });
  return {
    ...Object.fromEntries(passed),
    ...set,
    ...paramVariables(context),
    BATON_ACTION: context.action,
    BATON_ATTEMPT: String(context.attempt),
    BATON_EXECUTION_ID: context.executionId,
    BATON_REASON: oneLine(context.reason),
    BATON_CAUSE: oneLine(context.cause.type),
    ...(context.fence === null ? {} : { BATON_FENCE: context.fence }),
  };
}

function paramVariables({ action, params }: ActionContext): Record<string, string> {
  const fail = (reason: string) => new ActionFailedError(action, { kind: "params", reason });
  const entries = Object.entries(params);
  if (entries.length > PARAMS_MAX) throw fail(`more than ${PARAMS_MAX} params`);
  const variables: Record<string, string> = {};
  let length = 0;
  for (const [key, value] of entries) {
    const name = `BATON_PARAM_${upperSnake(key)}`;
    if (Object.hasOwn(variables, name)) throw fail(`two params are ${name}`);
    const text = typeof value === "string" ? value : JSON.stringify(value) ?? "";
    if (text.includes("\0")) throw fail(`${name} holds a NUL`);
    length += name.length + text.length;
    if (length > PARAMS_MAX_LENGTH) {
      throw fail(`params longer than ${PARAMS_MAX_LENGTH} characters`);
    }
    variables[name] = text;
  }
  return variables;
}

function upperSnake(key: string): string {
  return key.replace(/([a-z0-9])([A-Z])/g, "$1_$2").replace(/[^A-Za-z0-9]+/g, "_").toUpperCase();
}
