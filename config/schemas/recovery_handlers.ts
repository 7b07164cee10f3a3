import { z } from "zod";
import { ActionScope } from "../../enums/action_scope.ts";
import { wordOf } from "./common_shapes.ts";
import {
  breaker,
  type BreakerSettings,
  exec,
  type ExecSettings,
  fallback,
  type FallbackSettings,
  http,
  type HttpSettings,
  log,
  type LogSettings,
  notify,
  type NotifySettings,
} from "./recovery_handler_kinds.ts";
import { exactlyOneOf } from "./recovery_one_of.ts";
import { verifier, type VerifierSettings } from "./recovery_verifiers.ts";

/** What every action declared in YAML has. */
export interface HandlerCommon {
  /** How to see that it helped; null for the way of recovery itself. Default null. */
  readonly verify: VerifierSettings | null;
  /** Where in a cluster it runs; null for what recovery decides. Default null. */
  readonly scope: ActionScope | null;
}

/** What an action declared in YAML does: exactly one of these. */
export type HandlerKind =
  | {
    /** It runs a program. */
    readonly exec: ExecSettings;
  }
  | {
    /** It calls a URL. */
    readonly http: HttpSettings;
  }
  | {
    /** It changes the fallback mode. */
    readonly fallback: FallbackSettings;
  }
  | {
    /** It opens or closes a circuit breaker. */
    readonly breaker: BreakerSettings;
  }
  | {
    /** It writes to the log. */
    readonly log: LogSettings;
  }
  | {
    /** It tells people. */
    readonly notify: NotifySettings;
  };

/** An action declared in YAML, without code. */
export type HandlerSettings = HandlerCommon & HandlerKind;

/** @returns Where in a cluster an action runs; null for what recovery decides. */
export function scope(): z.ZodType<ActionScope | null, unknown> {
  return wordOf(Object.values(ActionScope)).nullable().default(null).describe(
    "Where in a cluster it runs: cluster or node",
  );
}

const KINDS = { exec, http, fallback, breaker, log, notify };

/** The shape of {@link HandlerSettings}. */
export const handler = z.strictObject({
  exec: exec.exactOptional().describe("It runs a program"),
  http: http.exactOptional().describe("It calls a URL"),
  fallback: fallback.exactOptional().describe("It changes the fallback mode"),
  breaker: breaker.exactOptional().describe("It opens or closes a circuit breaker"),
  log: log.exactOptional().describe("It writes to the log"),
  notify: notify.exactOptional().describe("It tells people"),
  verify: verifier.nullable().default(null).describe("How to see that it helped"),
  scope: scope(),
}).superRefine(exactlyOneOf(Object.keys(KINDS))) as unknown as z.ZodType<
  HandlerSettings,
  unknown
>; // the check leaves exactly one of them, which zod cannot tell the type
