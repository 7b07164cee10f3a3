import type { Clock } from "../../clock.ts";
import { CircuitState } from "../../enums/circuit_state.ts";
import { FallbackMode } from "../../enums/fallback_mode.ts";
import { ModeOwner } from "../../enums/mode_owner.ts";
import { RecoveryNoticeKind } from "../../enums/recovery_notice_kind.ts";
import type { HealthSource } from "../../health/health_state.ts";
import type { ActionContext, ActionHandler } from "./action_handler.ts";
import type { RunnableAction } from "./action_registry.ts";
import type { Notifier } from "./notifier.ts";
import type {
  PhaseStateMachine,
  RecoveryBreaker,
  RecoveryFallback,
} from "./recovery_environment.ts";
import { recoveryLogger } from "./recovery_logger.ts";
import { tellNotifiers } from "./tell_notifiers.ts";

/** What the built-in actions act upon. */
export interface BuiltinParts {
  /** Keeps the node's mode; null for nobody. */
  readonly fallbackManager: RecoveryFallback | null;
  /** Knows the phase, and may force safe mode; null for nobody. */
  readonly stateMachine: PhaseStateMachine | null;
  /** Says how the node is; null for nobody. */
  readonly healthMonitor: HealthSource | null;
  /** The breakers of this process, by name. */
  readonly breakers: ReadonlyMap<string, RecoveryBreaker>;
  /** The caches of this process. */
  readonly caches: readonly { clear(): unknown }[];
  /** Tells people. */
  readonly notifiers: () => readonly Notifier[];
  /** The node. */
  readonly node: () => string;
  /** Time. */
  readonly clock: Clock;
}

/** How long a safe mode lasts that recovery entered, where the step does not say `hold_seconds`. */
const HOLD_SECONDS = 600;

/**
 * Makes the actions that work without a handler of one's own, as far as their parts are there.
 *
 * - `circuit_restart` closes the breakers that are open; `cache_purge` empties the caches.
 * - `safe_mode` and `enter_safe_mode` enter safe mode, the latter by the state machine if it can.
 * - `alert_ground` tells people; `log_detailed_state` logs the health document.
 *
 * The others move hardware, of which nobody here knows: there is nothing that does them until the
 * program or a file says what.
 */
export function builtinActions(parts: BuiltinParts): ReadonlyMap<string, RunnableAction> {
  const { fallbackManager, stateMachine, healthMonitor, breakers, caches } = parts;
  const force = stateMachine?.forceSafeMode?.bind(stateMachine);
  const safeMode = fallbackManager && enterMode(fallbackManager);
  const made: readonly (readonly [string, ActionHandler | null])[] = [
    ["circuit_restart", breakers.size === 0 ? null : closeBreakers(breakers)],
    [
      "cache_purge",
      caches.length === 0 ? null : async () => {
        await forEach(caches, (cache) => cache.clear());
        return `emptied ${caches.length} caches`;
      },
    ],
    ["safe_mode", safeMode],
    ["enter_safe_mode", force ? async () => void await force() : safeMode],
    ["alert_ground", alert(parts)],
    ["log_detailed_state", healthMonitor && logState(healthMonitor)],
  ];
  return new Map(made.flatMap(([name, run]) => {
    const verify = REMEDIES.includes(name) ? null : false as const;
    return run === null ? [] : [[name, { run, verify, scope: null }]];
  }));
}

/** Those that are meant to make well what they are taken for; safe mode only limits the damage. */
const REMEDIES: readonly string[] = ["circuit_restart", "cache_purge"];

function closeBreakers(breakers: ReadonlyMap<string, RecoveryBreaker>): ActionHandler {
  return async ({ reason }) => {
    const open = [...breakers].filter(([, { state }]) => state.kind !== CircuitState.CLOSED);
    await forEach(open, ([, breaker]) => breaker.close({ actor: "recovery", reason }));
    return open.length === 0 ? "none was open" : `closed ${open.map(([name]) => name).join(", ")}`;
  };
}

/** One that fails keeps none of the others from its turn; then the first failure is thrown. */
async function forEach<T>(items: readonly T[], work: (item: T) => unknown): Promise<void> {
  const done = await Promise.allSettled(items.map((item) => Promise.try(work, item)));
  const failed = done.find(({ status }) => status === "rejected");
  if (failed?.status === "rejected") throw failed.reason;
}

function enterMode(fallbackManager: RecoveryFallback): ActionHandler {
  return ({ reason, params }) => {
    const hold = params["hold_seconds"] ?? HOLD_SECONDS;
    if (typeof hold !== "number" || !(hold > 0)) {
      throw new RangeError(`hold_seconds must be a number above 0, got ${JSON.stringify(hold)}`);
    }
    const options = { owner: ModeOwner.RECOVERY, reason, holdMs: hold * 1_000 };
    const outcome = fallbackManager.requestMode(FallbackMode.SAFE, options);
    if (outcome.kind === "in_force") return `safe for ${hold} s`;
    throw new Error(`${outcome.by} keeps mode ${outcome.mode}: ${outcome.reason}`);
  };
}

function alert({ notifiers, node, clock }: BuiltinParts): ActionHandler {
  return async ({ action, params, reason, cause, signal }: ActionContext) => {
    const said = (name: string) => {
      const text = params[name];
      return typeof text === "string" && text !== "" ? text : null;
    };
    const text = said("message") ?? reason;
    recoveryLogger.warn(text === reason ? "{text}" : "{text} ({reason})", { text, reason });
    const told = notifiers();
    await tellNotifiers(told, {
      kind: RecoveryNoticeKind.ALERT,
      timestamp: new Date(clock.now()).toISOString(),
      text,
      action,
      cause: cause.type,
      node: node(),
      channel: said("channel"),
      priority: said("priority"),
      details: { reason, severity: cause.severity },
    }, { signal });
    return told.length === 0 ? "logged: there is no notifier" : null;
  };
}

function logState(healthMonitor: HealthSource): ActionHandler {
  return async ({ reason }) => {
    const state = await healthMonitor.getComprehensiveState();
    recoveryLogger.info("State at {reason}: {state}", { reason, state: JSON.stringify(state) });
    return JSON.stringify(state);
  };
}
