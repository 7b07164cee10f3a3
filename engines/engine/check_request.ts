import { isEnumValue } from "../../enums/enum_values.ts";
import type { JsonObject } from "../../enums/records/json_value.ts";
import { isObject } from "../../enums/records/field.ts";
import { showValue } from "../../enums/show_value.ts";
import { TimeoutTier } from "../../enums/timeout_tier.ts";
import { ContextIsolationError } from "../context/context_errors.ts";
import { checkOptionNames } from "../option_names.ts";
import type { UserExecutionContext } from "../context/user_execution_context.ts";
import { validateUserContext } from "../context/validate_user_context.ts";
import type { CheckedAgent } from "./agent_module.ts";
import type { AgentIsolation, AgentRequest } from "./agent_request.ts";
import { AgentIsolationError, UnknownAgentError } from "./engine_errors.ts";
import { type CheckedLimits, checkTimeout } from "./engine_limits.ts";
import { plainData } from "./plain_data.ts";

/** A request as an engine carries it out. */
export interface CheckedRequest {
  /** The agent's name. */
  readonly agentName: string;
  /** The agent. */
  readonly source: CheckedAgent;
  /** Where it runs. */
  readonly isolation: AgentIsolation;
  /** The step. */
  readonly stepName: string;
  /** For whom, with a request of its own. */
  readonly context: UserExecutionContext;
  /** How long the agent may take, in ms. */
  readonly timeoutMs: number;
  /** What else stands in the result's metadata. */
  readonly metadata: JsonObject;
  /** The steps whose results the state holds. */
  readonly inputsUsed: readonly string[];
}

/** What a request is judged by. */
export interface EngineTerms {
  /** The context of the engine. */
  readonly context: UserExecutionContext;
  /** Its agents. */
  readonly agents: ReadonlyMap<string, CheckedAgent>;
  /** What it allows. */
  readonly limits: CheckedLimits;
}

const REQUEST_NAMES: Readonly<Record<keyof AgentRequest, true>> = {
  agentName: true,
  context: true,
  stepName: true,
  timeoutMs: true,
  tier: true,
  isolation: true,
  metadata: true,
  inputsUsed: true,
};

const NO_METADATA: JsonObject = Object.freeze({});

/**
 * Judges a request, and has no effect.
 *
 * @param request The request; it may be anything.
 * @param terms What it is judged by.
 * @returns The request with all that it leaves out.
 * @throws {TypeError} when it, or its context, is none.
 * @throws {ContextIsolationError} when the context is of another user, run or thread.
 * @throws {UnknownAgentError} when there is no such agent.
 * @throws {AgentIsolationError} when the agent cannot be run where the request wants it.
 * @throws {RangeError} when the time is out of range.
 * @throws {InvalidContextError} when the context is nested too deep.
 * @throws {InvalidRecordError} when JSON cannot carry the metadata.
 */
export function checkRequest(request: AgentRequest, terms: EngineTerms): CheckedRequest {
  checkOptionNames("AgentRequest", request, REQUEST_NAMES);
  const { agentName, context, stepName = agentName, inputsUsed = [], metadata } = request;
  const owned = checkOwner(context, terms.context);
  const source = terms.agents.get(agentName);
  if (source === undefined) throw new UnknownAgentError(agentName, [...terms.agents.keys()]);
  const isolation = isolationOf(request, source);
  if (typeof stepName !== "string" || stepName.trim() === "") {
    throw new TypeError(`stepName must be a text that is not blank, got ${showValue(stepName)}`);
  }
  // A copy has no holes, which `every` would pass over.
  const used: unknown[] | null = Array.isArray(inputsUsed) ? [...inputsUsed] : null;
  if (used === null || !used.every((name) => typeof name === "string")) {
    throw new TypeError(`inputsUsed must be an array of texts, got ${showValue(inputsUsed)}`);
  }
  return {
    agentName,
    source,
    isolation,
    stepName,
    timeoutMs: timeoutOf(request, terms.limits),
    metadata: metadata === undefined ? NO_METADATA : readMetadata(metadata),
    inputsUsed: used,
    context: owned.createChild(operationOf(agentName)),
  };
}

/** @returns What the context of an agent's call says that it was made for. */
export function operationOf(agentName: string): string {
  return `agent_execution_${agentName}`;
}

/**
 * Makes sure that a context is genuine, and of the same user, thread and run as another.
 *
 * @param context The context; it may be anything.
 * @param own The other.
 * @returns The context.
 * @throws {TypeError} when it is none.
 * @throws {ContextIsolationError} when it belongs elsewhere. The message never names where.
 */
export function checkOwner(context: unknown, own: UserExecutionContext): UserExecutionContext {
  const checked = validateUserContext(context);
  for (const [field, what] of OWNERSHIP) {
    if (checked[field] === own[field]) continue;
    const message = `${what} mismatch: the context is not of this engine's ${what.slice(0, -3)}`;
    throw new ContextIsolationError(own.userId, `context.${field}`, message);
  }
  return checked;
}

const OWNERSHIP = [["userId", "User ID"], ["threadId", "Thread ID"], ["runId", "Run ID"]] as const;

function isolationOf({ agentName, isolation }: AgentRequest, source: CheckedAgent): AgentIsolation {
  const own = typeof source === "function" ? "inline" : source.isolation;
  // A process asks nothing of the engine that a worker does not, so that it is always possible instead.
  if (isolation === undefined || isolation === own) return own;
  if (isolation === "process" && own === "worker") return isolation;
  const why = own === "inline"
    ? "a function runs inline; give the agent as a module, { url }, to run it elsewhere"
    : `its module runs in a ${own}, and never in a laxer place`;
  throw new AgentIsolationError(agentName, why);
}

function timeoutOf({ timeoutMs, tier }: AgentRequest, limits: CheckedLimits): number {
  if (tier !== undefined && !isEnumValue(TimeoutTier, tier)) {
    throw new TypeError(`tier must be a TimeoutTier, got ${showValue(tier)}`);
  }
  if (timeoutMs !== undefined) {
    checkTimeout("timeoutMs", timeoutMs);
    return timeoutMs;
  }
  return tier === undefined ? limits.timeoutMs : limits.tierTimeoutsMs[tier];
}

function readMetadata(metadata: unknown): JsonObject {
  if (!isObject(metadata)) {
    throw new TypeError(`metadata must be an object, got ${showValue(metadata)}`);
  }
  return plainData("metadata", metadata) as JsonObject;
}
