import {
  type Agent,
  type AgentCall,
  currentContext,
  dependencyKey,
  runInContext,
  type Tool,
  type UserExecutionContext,
  type WorkflowStepInput,
} from "@baton/orchestration/engines";
import type { Clock } from "../../clock.ts";
import type { Watch } from "./engines_isolation_watch.ts";

/** What becomes of a step. */
export interface Fate {
  readonly kind: "answers" | "throws" | "lies" | "breaks_tool" | "hangs" | "heeds_nothing";
  /** How long it works, in ms. */
  readonly ms: number;
}

/** What the agents of a run work on. */
export interface IsolationState {
  readonly mine: string;
  readonly user_request: string;
  readonly data_sufficiency: string;
  readonly fates: Readonly<Record<string, Fate>>;
}

/** What a run needs and is no data: an object of its user. */
export const BELONGINGS = dependencyKey<{ readonly mine: string }>("belongings");

/** The steps that all workflows have together. */
export const STEP_NAMES = [
  ...["triage", "data", "data_helper", "optimization", "actions", "reporting"],
  ...["bills", "usage", "advise", "extra", "summary"],
] as const;

/** How many agents of a user may run at once. */
export const PERMITS_PER_USER = 3;

const HANGS_MS = 60_000;
const LATE_MS = 700;

/** What agents and tools have in common. */
export interface IsolationParts {
  readonly clock: Clock;
  readonly watch: Watch;
}

/**
 * Makes the agents: one function for all steps of all users. It does what its user's state says, and
 * looks after each wait whether all that it can see is that user's.
 */
export function isolationAgents({ clock, watch }: IsolationParts): Map<string, Agent> {
  // All users hand over the same object: who does not copy at once gives one user's to another.
  const parameters = { mine: "" };
  const enter = permitCounter(watch);
  const agent: Agent = async (call) => {
    enter(call);
    const input = call.input as WorkflowStepInput;
    const { mine, fates, data_sufficiency } = input.state as unknown as IsolationState;
    const fate = fates[input.step.name]!;
    const look = (what: string, value: unknown) => lookAround(watch, call, { what, value, mine });
    look("input", input);
    call.think(`${input.step.name} for ${mine}`);
    parameters.mine = mine;
    const answering = call.callTool(fate.kind === "breaks_tool" ? "broken" : "whose", parameters);
    parameters.mine = "<none>";
    look("answer of a tool", await answering);
    await pass(clock, call.signal, fate);
    look("context", call.context);
    const part = call.context.createChild("part");
    runInContext(part, () => watch.is("the context of a part", currentContext(), part));
    look("context after a part", call.context);
    // Heard by nobody when the run has ended.
    call.think(`${input.step.name} of ${mine} goes on`);
    if (fate.kind === "throws") throw new Error(`failure of ${mine}`, { cause: { mine } });
    if (fate.kind === "lies") return { mine, notData: () => mine };
    return { mine, data_sufficiency, saw: Object.keys(input.results) };
  };
  return new Map(STEP_NAMES.map((name) => [name, agent]));
}

/** Makes the tools: one that says who calls, and one that fails with what it was given. */
export function isolationTools({ clock, watch }: IsolationParts): Map<string, Tool> {
  const whose: Tool = async ({ mine }, { context }) => {
    const seen = () => ({ mine, ...seenFrom(context) });
    watch.own("what a tool sees", seen(), String(mine));
    await clock.sleep(5);
    watch.own("what a tool sees later", seen(), String(mine));
    return seen();
  };
  const broken: Tool = async ({ mine }) => {
    await clock.sleep(5);
    throw new Error(`a tool failed ${mine}`);
  };
  return new Map([["whose", whose], ["broken", broken]]);
}

/** Counts how many agents of a user have a permit: until their run's end, whatever they do after it. */
function permitCounter(watch: Watch): (call: AgentCall) => void {
  const running = new Map<string, number>();
  return ({ context: { userId }, signal }) => {
    const count = (running.get(userId) ?? 0) + 1;
    running.set(userId, count);
    if (count > PERMITS_PER_USER) watch.fault(`${count} agents of ${userId} run at once`);
    const leave = () => running.set(userId, running.get(userId)! - 1);
    signal.addEventListener("abort", leave, { once: true });
  };
}

function lookAround(
  watch: Watch,
  { context }: AgentCall,
  { what, value, mine }: { what: string; value: unknown; mine: string },
): void {
  watch.own(`the ${what} of an agent`, value, mine);
  watch.own("whom an agent works for", context.userId, mine);
  watch.is("the belongings that an agent sees", context.dependencies.get(BELONGINGS)?.mine, mine);
  watch.is("the current context of an agent", currentContext(), context);
}

/** All that can be seen from inside of a run, but for its data. */
function seenFrom(context: UserExecutionContext): Record<string, unknown> {
  const belongings = context.dependencies.get(BELONGINGS)?.mine;
  return { of: context.userId, current: currentContext()?.correlationId, belongings };
}

async function pass(clock: Clock, signal: AbortSignal, { kind, ms }: Fate): Promise<void> {
  if (kind === "heeds_nothing") return await clock.sleep(LATE_MS);
  await clock.sleep(kind === "hangs" ? HANGS_MS : ms, { signal });
}
