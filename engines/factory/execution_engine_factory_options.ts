import { showValue } from "../../enums/show_value.ts";
import { checkedLimits } from "../engine/engine_limits.ts";
import { readAgents, readTools } from "../engine/read_parts.ts";
import {
  UserExecutionEngine,
  type UserExecutionEngineOptions,
} from "../engine/user_execution_engine.ts";
import { sharedUserEngineLimits, type UserEngineLimits } from "./user_engine_limits.ts";

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

/** What a factory does with engines, all of it said. */
export interface CheckedFactoryOptions {
  /** Makes an engine. */
  readonly makeEngine: EngineMaker;
  /** How long the making may take, in ms. */
  readonly makeTimeoutMs: number;
  /** Counts the engines of each user. */
  readonly userLimits: UserEngineLimits;
  /** How long an engine may be idle, in ms. */
  readonly idleMs: number;
  /** How often it is looked for idle engines, in ms. */
  readonly lookEveryMs: number;
  /** How long a shutdown waits, in ms. */
  readonly drainMs: number;
  /** What every engine is made of, but for its context. */
  readonly parts: Omit<UserExecutionEngineOptions, "context">;
}

/** The longest time a timer can wait, in ms. */
const TIMER_MAX_MS = 2_147_483_647;

/**
 * Checks options and fills in what is not said.
 *
 * @param options What is said.
 * @returns A copy with all of it.
 * @throws {TypeError} when agents or tools are none.
 * @throws {RangeError} when a time or a limit is out of range.
 * @throws {AgentIsolationError} when an agent is a module and workers are not allowed.
 */
export function checkedFactoryOptions(
  options: ExecutionEngineFactoryOptions,
): CheckedFactoryOptions {
  const {
    makeEngine = (given: UserExecutionEngineOptions) => new UserExecutionEngine(given),
    makeTimeoutMs = 30_000,
    userLimits = sharedUserEngineLimits,
    idleMs = 300_000,
    lookEveryMs = 60_000,
    drainMs = 10_000,
    ...parts
  } = options;
  checkTime("makeTimeoutMs", makeTimeoutMs, 1);
  checkTime("idleMs", idleMs, 1);
  checkTime("lookEveryMs", lookEveryMs, 1);
  checkTime("drainMs", drainMs, 0);
  // What every engine would refuse is refused once, before there is any.
  readAgents(parts.agents, parts.allowWorkers === true);
  readTools(parts.tools);
  checkedLimits(parts.limits);
  return { makeEngine, makeTimeoutMs, userLimits, idleMs, lookEveryMs, drainMs, parts };
}

function checkTime(name: string, ms: unknown, min: number): void {
  if (typeof ms === "number" && ms >= min && ms <= TIMER_MAX_MS) return;
  throw new RangeError(
    `${name} must be a number from ${min} to ${TIMER_MAX_MS}, got ${showValue(ms)}`,
  );
}
