import type { BreakerSettings } from "../../../config/schemas/recovery_handler_kinds.ts";
import type { CircuitBreaker } from "../../../health/circuit_breaker.ts";
import type { ActionHandler } from "../action_handler.ts";

const ACTOR = "recovery";

/** Makes an action that opens or closes a circuit breaker, by the hand of recovery. */
export function breakerHandler(
  settings: BreakerSettings,
  breaker: Pick<CircuitBreaker, "open" | "close">,
): ActionHandler {
  const { name, hold } = settings;
  return (context) => {
    const reason = context.reason || context.action;
    if (settings.do === "close") {
      breaker.close({ actor: ACTOR, reason });
      return `closed ${name}`;
    }
    breaker.open({ actor: ACTOR, reason, ...(hold === null ? {} : { holdMs: hold * 1_000 }) });
    return `opened ${name}`;
  };
}
