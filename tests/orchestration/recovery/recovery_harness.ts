import { parseConfig } from "../../../config/files/parse_config.ts";
import type { ActionHandler } from "../../../orchestration/recovery/action_handler.ts";
import {
  checkedPoliciesSchema,
  checkedRecoverySchema,
} from "../../../orchestration/recovery/checked_schemas.ts";
import {
  EnhancedRecoveryOrchestrator,
  type EnhancedRecoveryOrchestratorOptions,
} from "../../../orchestration/recovery/enhanced_recovery_orchestrator.ts";
import { MemoryRecoveryStorage } from "../../../orchestration/recovery/memory_recovery_storage.ts";
import type { RecoveryActionDict } from "../../../orchestration/recovery/recovery_action_dict.ts";
import { RecoveryOrchestrator } from "../../../orchestration/recovery/recovery_orchestrator.ts";
import type { RecoveryOrchestratorOptions } from "../../../orchestration/recovery/recovery_orchestrator_options.ts";
import type { RecoveryDocument } from "../../../config/schemas/recovery_document.ts";
import type { RecoveryStorage } from "../../../orchestration/recovery/recovery_storage.ts";
import { FakeClock } from "../../../testing/fake_clock.ts";
import { turnEventLoop } from "../../../testing/sim_time.ts";

/** How an action behaves: it runs well, throws, never ends, runs but does not help, or helps. */
export type Behaviour = "ok" | "throws" | "hangs" | "futile" | "helps";

/** What a test works with. */
export interface World<O> {
  readonly recovery: O;
  readonly clock: FakeClock;
  readonly storage: RecoveryStorage;
  /** The actions that ran, in order. */
  readonly ran: string[];
}

/** What a test says of its world. */
export interface Plan {
  /** The text of the file; "" for the defaults. */
  readonly yaml?: string;
  /** How actions behave; those that are not named are not registered. */
  readonly actions?: Readonly<Record<string, Behaviour>>;
  readonly clock?: FakeClock;
  readonly storage?: RecoveryStorage;
}

/** Registers actions that behave as told, and note that they ran. */
export function registerAll(
  recovery: RecoveryOrchestrator | EnhancedRecoveryOrchestrator,
  actions: Readonly<Record<string, Behaviour>>,
  ran: string[],
): void {
  for (const [name, behaviour] of Object.entries(actions)) {
    const isLookedAt = behaviour === "futile" || behaviour === "helps";
    const verify = () => behaviour === "helps";
    recovery.registerAction(name, handlerOf(behaviour, ran), isLookedAt ? { verify } : {});
  }
}

/** @returns Recovery by policies, loaded. */
export async function policyWorld(
  { yaml = "", actions = {}, clock = new FakeClock(), storage = new MemoryRecoveryStorage() }: Plan,
  options: EnhancedRecoveryOrchestratorOptions = {},
): Promise<World<EnhancedRecoveryOrchestrator>> {
  const given = yaml === ""
    ? {}
    : { config: (await parseConfig(yaml, checkedPoliciesSchema)).config };
  const parts = { clock, storage, random: () => 0.5, ...given };
  const recovery = new EnhancedRecoveryOrchestrator({ ...parts, ...options });
  const ran: string[] = [];
  registerAll(recovery, actions, ran);
  await recovery.load();
  return { recovery, clock, storage, ran };
}

/** @returns Recovery by thresholds, loaded. */
export async function basicWorld(
  { yaml = "", actions = {}, clock = new FakeClock(), storage = new MemoryRecoveryStorage() }: Plan,
  options: RecoveryOrchestratorOptions<RecoveryDocument> = {},
): Promise<World<RecoveryOrchestrator>> {
  const given = yaml === ""
    ? {}
    : { config: (await parseConfig(yaml, checkedRecoverySchema)).config };
  const parts = { clock, storage, random: () => 0.5, ...given };
  const recovery = new RecoveryOrchestrator({ ...parts, ...options });
  const ran: string[] = [];
  registerAll(recovery, actions, ran);
  await recovery.load();
  return { recovery, clock, storage, ran };
}

/** Lets the clock go on until something is done, but not for ever. */
export async function passing<T>(
  clock: FakeClock,
  work: Promise<T>,
  { stepMs = 1_000, steps = 5_000 } = {},
): Promise<T> {
  let isOver = false;
  const note = () => void (isOver = true);
  work.then(note, note);
  await clock.advance(0);
  for (let step = 0; step < steps && !isOver; step++) await clock.advance(stepMs);
  if (!isOver) throw new Error(`not over after ${steps * stepMs} ms`);
  return await work;
}

/** Lets everything come to rest that does not wait for the clock. */
export async function atRest(turns = 20): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await turnEventLoop();
}

/** Tells of an anomaly, and waits until all that it leads to is over. */
export async function anomaly(
  { recovery, clock }: World<EnhancedRecoveryOrchestrator>,
  anomalyType: string,
  severityScore: number,
  more: { recurrenceCount?: number; metadata?: Record<string, unknown> } = {},
): Promise<void> {
  await recovery.handleAnomaly({ anomalyType, severityScore, confidence: 0.9, ...more });
  await passing(clock, recovery.processPending());
}

/** @returns The history as "action result", oldest first. */
export async function told(
  recovery: RecoveryOrchestrator | EnhancedRecoveryOrchestrator,
): Promise<readonly string[]> {
  return (await recovery.getActionHistory({ limit: 1_000 })).map(inShort);
}

/** @returns An entry as "action result". */
export function inShort({ action_type, result }: RecoveryActionDict): string {
  return `${action_type} ${result}`;
}

function handlerOf(behaviour: Behaviour, ran: string[]): ActionHandler {
  return ({ action, signal }) => {
    ran.push(action);
    if (behaviour === "throws") throw new Error("broken");
    if (behaviour !== "hangs") return `did ${action}`;
    return new Promise((_, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    });
  };
}
