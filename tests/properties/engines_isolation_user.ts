import { UserExecutionContext } from "@baton/orchestration/engines";
import {
  BELONGINGS,
  type Fate,
  type IsolationState,
  STEP_NAMES,
} from "./engines_isolation_agents.ts";
import type { UserEar } from "./engines_isolation_ear.ts";

/** One of the users. */
export interface IsolatedUser {
  readonly number: number;
  readonly mark: string;
  readonly random: () => number;
  readonly ear: UserEar;
  /** The runs that were begun, with how many agents their engine took. */
  readonly accepted: Map<string, number>;
}

/** Makes the context of a run of a user, whose mark is in all of it. */
export function contextOf({ mark }: Pick<IsolatedUser, "mark">, run: string): UserExecutionContext {
  const context = new UserExecutionContext({
    userId: `user${mark}`,
    threadId: `thread${mark}`,
    runId: `run${mark}-${run}`,
    agentContext: { note: `of ${mark}` },
  });
  context.dependencies.set(BELONGINGS, { mine: mark });
  return context;
}

/** Draws what the agents of a run do. */
export function stateOf({ mark, random }: IsolatedUser): IsolationState {
  return {
    mine: mark,
    user_request: `help ${mark}`,
    data_sufficiency: ["sufficient", "partial", "insufficient", "unclear"][
      Math.floor(random() * 4)
    ]!,
    fates: Object.fromEntries(STEP_NAMES.map((name) => [name, fateOf(random)])),
  };
}

function fateOf(random: () => number): Fate {
  const [chance, ms] = [random(), Math.ceil(random() * 100)];
  if (chance < 0.76) return { kind: "answers", ms };
  if (chance < 0.84) return { kind: "throws", ms };
  if (chance < 0.87) return { kind: "lies", ms };
  if (chance < 0.91) return { kind: "breaks_tool", ms };
  return { kind: chance < 0.96 ? "hangs" : "heeds_nothing", ms };
}
