import { UserFacingError } from "../user_facing_error.ts";

/** What the host tells the thread or the process of an agent. */
export type HostMessage =
  | {
    /** Begin. */
    readonly kind: "run";
    /** The wire form of the context. */
    readonly context: unknown;
    /** What the agent works on. */
    readonly input: unknown;
  }
  | {
    /** A tool answered. */
    readonly kind: "answer";
    /** Which call of a tool it was. */
    readonly id: number;
    /** What it answered. */
    readonly value: unknown;
  }
  | {
    /** A tool gave no answer. */
    readonly kind: "refusal";
    /** Which call of a tool it was. */
    readonly id: number;
    /** What is wrong. */
    readonly error: AgentFault;
  };

/** What an agent's thread or process tells its host, when it is honest. */
export type AgentMessage =
  | {
    /** The agent says what it is about. */
    readonly kind: "think";
    /** In a sentence. */
    readonly reasoning: string;
    /** How far it is, 0 to 100; null when it does not say. */
    readonly progressPercentage: number | null;
  }
  | {
    /** The agent calls a tool. */
    readonly kind: "call";
    /** Names the call. */
    readonly id: number;
    /** The tool. */
    readonly name: string;
    /** What it is given. */
    readonly parameters: unknown;
  }
  | {
    /** The agent returned. */
    readonly kind: "result";
    /** What. */
    readonly value: unknown;
  }
  | {
    /** The agent threw. */
    readonly kind: "error";
    /** What. */
    readonly error: AgentFault;
  };

/** An error on its way between threads or processes. */
export interface AgentFault {
  /** The error's name. */
  readonly name: string;
  /** Its message. */
  readonly message: string;
  /** Why a tool gave no answer; null for other errors. */
  readonly reason: string | null;
  /** What of it is meant for the user; null when nothing is. */
  readonly userMessage: string | null;
}

/**
 * Reads what came from an agent's thread or process, which may say anything.
 *
 * @param given What came.
 * @returns The message; null when it is none.
 */
export function readAgentMessage(given: unknown): AgentMessage | null {
  if (typeof given !== "object" || given === null) return null;
  const { kind, id, name, reasoning, progressPercentage, error, parameters, value } =
    given as Readonly<Record<string, unknown>>;
  switch (kind) {
    case "think": {
      const said = typeof progressPercentage === "number" ? progressPercentage : null;
      return typeof reasoning === "string" ? { kind, reasoning, progressPercentage: said } : null;
    }
    case "call":
      return typeof id === "number" && typeof name === "string"
        ? { kind, id, name, parameters }
        : null;
    case "result":
      return { kind, value };
    case "error":
      return { kind, error: readFault(error) };
    default:
      return null;
  }
}

/**
 * Puts an error into the form in which it goes between threads or processes.
 *
 * @param error What was thrown: anything.
 * @returns The form. Never throws.
 */
export function writeFault(error: unknown): AgentFault {
  try {
    if (!(error instanceof Error)) return { ...UNKNOWN, message: String(error) };
    const reason: unknown = Reflect.get(error, "reason");
    const { name, message } = error;
    return {
      name: String(name),
      message: String(message),
      reason: typeof reason === "string" ? reason : null,
      userMessage: UserFacingError.messageIn(error),
    };
  } catch {
    return { ...UNKNOWN, message: "what was thrown cannot be shown as text" };
  }
}

function readFault(given: unknown): AgentFault {
  const { name, message, reason, userMessage } = (given ?? {}) as Readonly<Record<string, unknown>>;
  return {
    name: typeof name === "string" ? name : "Error",
    message: typeof message === "string" ? message : "the agent did not say why",
    reason: typeof reason === "string" ? reason : null,
    userMessage: typeof userMessage === "string" ? userMessage : null,
  };
}

const UNKNOWN = { name: "Error", reason: null, userMessage: null } as const;

/**
 * Makes an error of what came from the other side.
 *
 * @param fault What came.
 * @returns The error; what of it was meant for the user is its cause.
 */
export function readThrown({ name, message, userMessage }: AgentFault): Error {
  if (name === "UserFacingError") return new UserFacingError(userMessage ?? message);
  const cause = userMessage === null ? {} : { cause: new UserFacingError(userMessage) };
  return Object.assign(new Error(message, cause), { name });
}
