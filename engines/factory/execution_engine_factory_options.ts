import { showValue } from "../../enums/show_value.ts";
import { checkOptionNames } from "../option_names.ts";
import { checkPorts, PART_NAMES } from "../engine/check_ports.ts";
import { checkedLimits, checkWithin, TIMER_MAX_MS } from "../engine/engine_limits.ts";
import { readAgents, readTools } from "../engine/read_parts.ts";
import { UserExecutionEngine } from "../engine/user_execution_engine.ts";
import type { UserExecutionEngineOptions } from "../engine/user_execution_engine_options.ts";
import { sharedUserEngineLimits, UserEngineLimits } from "./user_engine_limits.ts";

/**
 * Makes an engine.
 *
 * @param options What the factory would make it of, with the context.
 * @returns A new engine with that context.
 */
export type EngineMaker = (
  options: UserExecutionEngineOptions,
) => UserExecutionEngine | Promise<UserExecutionEngine>;

/** What a factory gives to every engine, and what it allows. */
export interface ExecutionEngineFactoryOptions extends Omit<UserExecutionEngineOptions, "context"> {
  /**
   * Makes an engine, where users' engines differ: it may read what it needs to know first.
   *
   * @default (options) => new UserExecutionEngine(options)
   */
  readonly makeEngine?: EngineMaker;
  /**
   * How long the making may take, in ms. What is made later is cleaned up.
   *
   * @default 30_000
   */
  readonly makeTimeoutMs?: number;
  /**
   * Counts the engines of each user.
   *
   * @default sharedUserEngineLimits, the same for all factories
   */
  readonly userLimits?: UserEngineLimits;
  /**
   * How long an engine may be idle, in ms. It is found at the next look after that.
   *
   * @default 300_000
   */
  readonly idleMs?: number;
  /**
   * How often it is looked for idle engines, in ms; only while there are engines.
   *
   * @default 60_000
   */
  readonly lookEveryMs?: number;
  /**
   * How long a shutdown waits for work under way before it aborts it, in ms.
   *
   * @default 10_000
   */
  readonly drainMs?: number;
}

/** What engines are made of, but for their context. */
type EngineParts = Omit<UserExecutionEngineOptions, "context">;

/** What a factory does with engines, all of it said. */
export type CheckedFactoryOptions =
  & Required<Omit<ExecutionEngineFactoryOptions, keyof EngineParts>>
  & { readonly parts: EngineParts };

const OPTION_NAMES: Readonly<Record<keyof ExecutionEngineFactoryOptions, true>> = {
  ...PART_NAMES,
  makeEngine: true,
  makeTimeoutMs: true,
  userLimits: true,
  idleMs: true,
  lookEveryMs: true,
  drainMs: true,
};

/**
 * Checks options and fills in what is not said.
 *
 * @param options What is said.
 * @returns A copy with all of it.
 * @throws {TypeError} when something is missing, unknown or none.
 * @throws {RangeError} when a time or a limit is out of range.
 * @throws {AgentIsolationError} when an agent would run in a worker and workers are not allowed.
 */
export function checkedFactoryOptions(
  options: ExecutionEngineFactoryOptions,
): CheckedFactoryOptions {
  checkOptionNames("ExecutionEngineFactory", options, OPTION_NAMES);
  const {
    makeEngine = (engineOptions: UserExecutionEngineOptions) =>
      new UserExecutionEngine(engineOptions),
    makeTimeoutMs = 30_000,
    userLimits = sharedUserEngineLimits,
    idleMs = 300_000,
    lookEveryMs = 60_000,
    drainMs = 10_000,
    ...given
  } = options;
  checkWithin("makeTimeoutMs", makeTimeoutMs, 1, TIMER_MAX_MS);
  checkWithin("idleMs", idleMs, 1, TIMER_MAX_MS);
  checkWithin("lookEveryMs", lookEveryMs, 1, TIMER_MAX_MS);
  checkWithin("drainMs", drainMs, 0, TIMER_MAX_MS);
  if (typeof makeEngine !== "function") {
    throw new TypeError(`makeEngine must be a function, got ${showValue(makeEngine)}`);
  }
  if (!(userLimits instanceof UserEngineLimits)) {
    throw new TypeError(`userLimits must be UserEngineLimits, got ${showValue(userLimits)}`);
  }
  const parts = checkedParts(given);
  return { makeEngine, makeTimeoutMs, userLimits, idleMs, lookEveryMs, drainMs, parts };
}

/** What every engine would refuse is refused once, before there is any. */
function checkedParts(given: EngineParts): EngineParts {
  checkPorts(given);
  return Object.freeze({
    ...given,
    agents: readAgents(given.agents, given.allowWorkers === true),
    tools: readTools(given.tools),
    limits: checkedLimits(given.limits),
  });
}
