import { type RecoveryChain, stepIndex } from "./recovery_chain.ts";

/** A chain under way, for people. Keys are wire keys. */
export interface RecoveryChainDict {
  /** Identifies it. */
  readonly id: string;
  /** What it is about. */
  readonly anomaly_type: string;
  /** The step that is next, or under way, from 1. */
  readonly step: number;
  /** How many steps it has. */
  readonly steps: number;
  /** The action of that step. */
  readonly action_type: string;
  /** Where it stands: deciding, running or verifying. */
  readonly state: string;
  /** Which attempt at the action, from 1; 0 while it is not decided. */
  readonly attempt: number;
}

/** @returns A chain, for people. */
export function describeChain(chain: RecoveryChain): RecoveryChainDict {
  const { id, cause, steps, at } = chain;
  const step = stepIndex(chain);
  return {
    id,
    anomaly_type: cause.type,
    step: step + 1,
    steps: steps.length,
    action_type: steps[step]!.action,
    state: at.kind,
    attempt: at.kind === "deciding" ? 0 : at.execution.attempt,
  };
}
