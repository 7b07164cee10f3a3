/** What there is to say in each type of event. */
export interface UserEventFields {
  /** A run, or an agent in it, began. */
  readonly agent_started: {
    /**
     * What it works with.
     *
     * @default null
     */
    readonly context?: unknown;
    /**
     * What the user reads.
     *
     * @default "Work has begun"
     */
    readonly message?: string;
  };
  /** An agent says what it is about. */
  readonly agent_thinking: {
    /** In a sentence. */
    readonly reasoning: string;
    /**
     * The step it is at, from 1.
     *
     * @default null
     */
    readonly stepNumber?: number | null;
    /**
     * How far it is, 0 to 100.
     *
     * @default null
     */
    readonly progressPercentage?: number | null;
    /**
     * What the work so far is worth to the user: the application's own.
     *
     * @default null
     */
    readonly businessProgress?: unknown;
  };
  /** A tool is called. */
  readonly tool_executing: {
    /** The tool. */
    readonly toolName: string;
    /** What it is given. */
    readonly parameters: unknown;
    /**
     * What the user reads.
     *
     * @default "Calling <tool>"
     */
    readonly message?: string;
  };
  /** A tool answered. */
  readonly tool_completed: {
    /** The tool. */
    readonly toolName: string;
    /** What it answered. */
    readonly result: unknown;
    /** How long it took, in ms. */
    readonly executionTimeMs: number;
    /**
     * Whether it failed; its result then says how.
     *
     * @default "completed"
     */
    readonly status?: "completed" | "failed";
    /**
     * What the user reads.
     *
     * @default "<tool> answered", or "<tool> failed"
     */
    readonly message?: string;
  };
  /** A run, or an agent in it, ended. */
  readonly agent_completed: {
    /**
     * How it ended.
     *
     * @default "completed"
     */
    readonly status?: "completed" | "failed" | "timeout" | "cancelled";
    /** What came of it. */
    readonly result: unknown;
    /** How long it took, in ms. */
    readonly executionTimeMs: number;
    /**
     * What the user reads.
     *
     * @default "Work has ended: <status>"
     */
    readonly message?: string;
  };
  /** An agent failed. */
  readonly agent_error: {
    /** What went wrong. Told only when it is `userFacing`; obvious secrets in it are replaced. */
    readonly errorMessage: string;
    /**
     * The kind of error.
     *
     * @default "Error"
     */
    readonly errorType?: string;
    /**
     * Where the agent was.
     *
     * @default null
     */
    readonly agentStep?: string | null;
    /**
     * What kind of work the step was.
     *
     * @default left out
     */
    readonly stepType?: string;
    /**
     * Whether `errorMessage` is meant for the user.
     *
     * @default false
     */
    readonly userFacing?: boolean;
    /**
     * What the user reads.
     *
     * @default "Something went wrong"
     */
    readonly message?: string;
  };
  /** An agent will not answer any more. */
  readonly agent_death: {
    /** Why. */
    readonly cause: DeathCause;
    /**
     * What the user reads.
     *
     * @default "Work has stopped; load the page again"
     */
    readonly message?: string;
  };
  /** How far a run is: any of these, nothing else is shown. */
  readonly progress_update: {
    /** How far, 0 to 100. */
    readonly percentage?: number;
    /** The step it is at. */
    readonly currentStep?: number | string;
    /** How many steps there are. */
    readonly totalSteps?: number;
    /** What the user reads. */
    readonly message?: string;
    /** Where the run stands. */
    readonly status?: string;
    /** How long it may still take, in the application's own unit. */
    readonly estimatedRemaining?: number | string;
    /** What kind of progress it is. */
    readonly progressType?: string;
  };
  /** Something of the application's own: plain data. */
  readonly custom: Readonly<Record<string, unknown>>;
}

/** Why an agent will not answer any more. */
export type DeathCause =
  | "timeout"
  | "no_heartbeat"
  | "silent_failure"
  | "memory_limit"
  | "cancelled";
