import { showValue } from "../../enums/show_value.ts";

/** Why a tool gave no answer. */
export type ToolFault =
  /** The engine has no such tool. */
  | "unknown_tool"
  /** What the tool was given is no plain data. */
  | "invalid_parameters"
  /** The tool threw. */
  | "failed"
  /** What the tool answered is no plain data. */
  | "invalid_answer"
  /** The agent's run ended before the tool did. */
  | "run_ended";

/** A tool gave no answer. None is ever made up in its place. */
export class ToolError extends Error {
  /** Tells this error from others. */
  override readonly name = "ToolError";
  /** A stable code for programs. */
  readonly code = "TOOL";
  /** The tool, by the name that it was called by. */
  readonly toolName: string;
  /** Why. */
  readonly reason: ToolFault;

  /**
   * Makes the error.
   *
   * @param toolName The tool.
   * @param reason Why.
   * @param detail What went wrong, in a few words.
   * @param cause What the tool threw; left out when it threw nothing.
   */
  constructor(toolName: string, reason: ToolFault, detail: string, cause?: unknown) {
    super(`Cannot use the tool ${showValue(toolName)}: ${detail}`, { cause });
    this.toolName = toolName;
    this.reason = reason;
  }
}
