import type { Clock } from "../../clock.ts";
import { AgentExecutionStrategy } from "../../enums/agent_execution_strategy.ts";
import type { JsonObject, JsonValue } from "../../enums/records/json_value.ts";
import { StepStatus } from "../../enums/step_status.ts";
import type { UserExecutionContext } from "../context/user_execution_context.ts";
import type { WorkflowDefinition } from "../workflow/define_workflow.ts";
import { normaliseError } from "../workflow/normalise_error.ts";
import { readySteps } from "../workflow/ready_steps.ts";
import { skippedResult } from "../workflow/skipped_step.ts";
import type { StepResult } from "../workflow/step_result.ts";
import type { StepResults, WorkflowStep } from "../workflow/workflow_step.ts";
import type { AgentRequest, ExecuteAgentOptions } from "./agent_request.ts";
import { JudgedData } from "./plain_data.ts";

/** How the steps of a workflow are run. */
export interface ExecutePipelineOptions {
  /** Calls it off: what runs is cancelled, what has not begun is skipped. */
  readonly signal?: AbortSignal | null;
  /** Whether nothing begins any more once a step has failed. @default false */
  readonly strictStop?: boolean;
  /**
   * Results that exist already, by step: these steps do not run again. What the workflow does not have
   * is passed over.
   *
   * @default none
   */
  readonly completed?: StepResults;
  /**
   * Told of each step that ended, one after the other; what depends on the step waits for it. When it
   * throws, the pipeline is called off; once that is called off, it has 5 s to answer.
   *
   * @default nobody is told
   */
  readonly ended?: (result: StepResult) => void | Promise<void>;
}

/** What an agent is given that does a step of a workflow. */
export interface StepInput {
  /** What the workflow as a whole works on. */
  readonly state: JsonValue;
  /** The results that it may use, by step. */
  readonly results: JsonObject;
  /** The step. */
  readonly step: {
    /** What it is called. */
    readonly name: string;
    /** What kind of work it is. */
    readonly step_type: string;
    /** What else is said of it. */
    readonly metadata: JsonObject;
  };
}

/** What a {@link Pipeline} is made of. */
export interface PipelineParts {
  /** The steps. */
  readonly definition: WorkflowDefinition;
  /** For whom. */
  readonly context: UserExecutionContext;
  /** What they work on, frozen. */
  readonly state: JsonValue;
  /** How they are run. */
  readonly options: ExecutePipelineOptions;
  /** Who runs the agents. */
  readonly engine: {
    /** How many agents of the user may run at a time: no more steps than that begin. */
    readonly maxConcurrent: number;
    /** Runs an agent. */
    executeAgent(
      request: AgentRequest,
      input: JudgedData<StepInput>,
      options: ExecuteAgentOptions,
    ): Promise<StepResult>;
  };
  /** Aborts when the engine is cleaned up. */
  readonly stopped: AbortSignal;
  /** Says when a step ended that did not begin, and how long the stop waits. */
  readonly clock: Clock;
}

/** How long a stop waits for what does not heed it, in ms. */
const STOP_WAIT_MS = 5_000;

/** One way through the steps of a workflow. */
export class Pipeline {
  readonly #parts: PipelineParts;
  readonly #results = new Map<string, StepResult>();
  readonly #running = new Map<string, Promise<void>>();
  readonly #stop = new AbortController();
  /** Rejects when the wait after the stop is over. */
  readonly #givenUp = Promise.withResolvers<never>();
  #isGivenUp = false;
  #cancelWait: () => void = () => {};
  /** Those who are told of ends are told one after the other. */
  #telling: Promise<void> = Promise.resolve();

  /**
   * Makes a way through, on which the results that exist already are passed.
   *
   * @param parts The steps, and who runs them.
   */
  constructor(parts: PipelineParts) {
    this.#parts = parts;
    this.#givenUp.promise.catch(() => {}); // nobody may be waiting
    for (const { name } of parts.definition.steps) {
      const result = parts.options.completed?.get(name);
      if (result !== undefined) this.#results.set(name, result);
    }
  }

  /**
   * Runs the steps.
   *
   * @returns The results in the order in which the steps ended.
   * @throws What `ended` throws, when everything that ran has ended.
   * @throws The reason of the stop, when something goes on 5 s after it.
   */
  async run(): Promise<readonly StepResult[]> {
    const { options, stopped } = this.#parts;
    const signals = [stopped, ...(options.signal ? [options.signal] : [])];
    const stop = () => this.#callOff(signals.find(({ aborted }) => aborted)?.reason);
    if (signals.some(({ aborted }) => aborted)) stop();
    signals.forEach((signal) => signal.addEventListener("abort", stop, { once: true }));
    try {
      while (await this.#advance());
      return [...this.#results.values()];
    } catch (error) {
      this.#callOff(error);
      await Promise.allSettled(this.#running.values());
      throw error;
    } finally {
      signals.forEach((signal) => signal.removeEventListener("abort", stop));
      this.#cancelWait();
    }
  }

  #callOff(reason: unknown): void {
    if (this.#stop.signal.aborted) return;
    this.#cancelWait = this.#parts.clock.after(STOP_WAIT_MS, () => {
      this.#isGivenUp = true;
      this.#givenUp.reject(reason);
    });
    this.#stop.abort(reason);
  }

  /** Waits for something, but after a stop not for ever. */
  #orGiveUp(done: Promise<void>): Promise<void> {
    return Promise.race([done, this.#givenUp.promise]);
  }

  /** Does what can be done now. @returns Whether there is more to do. */
  async #advance(): Promise<boolean> {
    const { definition, options, engine, clock } = this.#parts;
    const progress = {
      results: this.#results,
      running: new Set(this.#running.keys()),
      isCancelled: this.#stop.signal.aborted,
      mayBegin: engine.maxConcurrent - this.#running.size,
    };
    const decision = readySteps(definition, progress, { strictStop: options.strictStop === true });
    switch (decision.kind) {
      case "over":
        return false;
      case "wait":
        await Promise.race(this.#running.values());
        return true;
      case "act":
        for (const step of decision.run) if (!step.always) this.#begin(step);
        for (const skipped of decision.skip) {
          await this.#orGiveUp(this.#end(skippedResult(skipped, new Date(clock.now()))));
        }
        // A report comes behind all that it reports on, what is skipped included.
        for (const step of decision.run) if (step.always) this.#begin(step);
        return true;
      default:
        return decision satisfies never;
    }
  }

  #begin(step: WorkflowStep): void {
    const done = this.#orGiveUp(this.#execute(step).then((result) => this.#end(result)));
    // Seen by whoever waits for it; a failure that comes while nobody does must not end the process.
    done.catch(() => {});
    this.#running.set(step.name, done);
  }

  async #end(result: StepResult): Promise<void> {
    const { ended } = this.#parts.options;
    if (ended !== undefined) {
      const told = this.#telling.then(() => this.#isGivenUp ? undefined : ended(result));
      this.#telling = told;
      await told;
    }
    this.#results.set(result.stepName, result);
    this.#running.delete(result.stepName);
  }

  async #execute(step: WorkflowStep): Promise<StepResult> {
    const { context, engine, clock, definition } = this.#parts;
    const { name: stepName, agent: agentName, timeoutMs } = step;
    const startedAt = new Date(clock.now());
    const metadata = {
      ...step.metadata,
      step_type: step.stepType,
      pipeline_step: definition.steps.indexOf(step) + 1,
      total_steps: definition.steps.length,
      requires_sequential: step.strategy === AgentExecutionStrategy.SEQUENTIAL,
    };
    const { input, inputsUsed } = this.#inputOf(step);
    const limit = timeoutMs === null ? {} : { timeoutMs };
    const request = { agentName, stepName, context, metadata, inputsUsed, ...limit };
    const { signal } = this.#stop;
    try {
      return await engine.executeAgent(request, input, { signal });
    } catch (error) {
      const said = { ...metadata, user_id: context.userId };
      const status = signal.aborted ? StepStatus.CANCELLED : StepStatus.FAILED;
      return normaliseError(error, { agentName, stepName, startedAt, metadata: said, status });
    }
  }

  /** A step that always runs is given all that completed, else what it depends on. */
  #inputOf(step: WorkflowStep): { input: JudgedData<StepInput>; inputsUsed: string[] } {
    const usable = [...this.#results.values()].filter(({ success, stepName }) =>
      success && (step.always || step.dependsOn.includes(stepName))
    );
    const results = Object.freeze(
      Object.fromEntries(usable.map(({ stepName, result }) => [stepName, result])),
    );
    const { name, stepType: step_type, metadata } = step;
    const about = Object.freeze({ name, step_type, metadata });
    const { state } = this.#parts;
    return {
      input: new JudgedData(Object.freeze({ state, results, step: about })),
      inputsUsed: usable.map(({ stepName }) => stepName),
    };
  }
}
