import { RunRefusedError } from "../durable/run_errors.ts";
import type { UserExecutionEngine } from "../engine/user_execution_engine.ts";

/** What engines do, or did: one that is not in it is free. */
const STAGES = new WeakMap<UserExecutionEngine, "running" | "over">();

/** A workflow's turn on an engine. */
export interface EngineTurn {
  /**
   * Lets go of the engine.
   *
   * @param isOver Whether the run is over, so that the engine carries out no other workflow.
   */
  end(isOver: boolean): void;
}

/**
 * Takes the one turn that an engine has: it is made for one run, which starts and ends once. A run that
 * was given up before its end leaves the engine free.
 *
 * @param engine The engine.
 * @param kind Whether a run is to start, or to go on.
 * @returns The turn.
 * @throws {RunRefusedError} with the reason `exists` when a workflow runs already, or is over and another
 * is to start; with the reason `ended` when one that is over is to go on.
 */
export function takeEngineTurn(engine: UserExecutionEngine, kind: "start" | "resume"): EngineTurn {
  const { runId } = engine.context;
  const stage = STAGES.get(engine);
  if (stage === "running") {
    throw new RunRefusedError(runId, "exists", "a workflow of it runs already");
  }
  if (stage === "over") {
    const reason = kind === "start" ? "exists" : "ended";
    throw new RunRefusedError(runId, reason, "a workflow of it has been carried out");
  }
  STAGES.set(engine, "running");
  return {
    end(isOver) {
      if (isOver) STAGES.set(engine, "over");
      else STAGES.delete(engine);
    },
  };
}
