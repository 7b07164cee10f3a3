import { missingPermission } from "../../../config/availability/probes/missing_permission.ts";
import { systemEnv } from "../../../config/env_reader.ts";
import type { HandlerSettings } from "../../../config/schemas/recovery_handlers.ts";
import type { ActionContext, ActionHandler, ActionVerifier } from "../action_handler.ts";
import type { ActionHandlerParts, FilledParts } from "./action_handler_parts.ts";
import { actionVerifier } from "./action_verifiers.ts";
import { breakerHandler } from "./breaker_handler.ts";
import { execHandler } from "./exec_handler.ts";
import { fallbackHandler } from "./fallback_handler.ts";
import { handlerRefusals } from "./handler_refusals.ts";
import { httpHandler } from "./http_handler.ts";
import { handlerTemplate } from "./handler_template.ts";
import { logHandler } from "./log_handler.ts";
import { type ReadTemplate, readTemplate } from "./message_template.ts";
import { notifyHandler } from "./notify_handler.ts";
import { startProcessGroup } from "./process_group.ts";

/** What an action declared in YAML does, and how to see that it helped. */
export interface DeclaredAction {
  /** Does it. */
  readonly run: ActionHandler;
  /**
   * Looks whether it helped; null when the file does not say how, false for what only tells people
   * when the file does not.
   */
  readonly verify: ActionVerifier | false | null;
}

/** An action declared in YAML that cannot be done here. */
export interface RefusedAction {
  /** The action. */
  readonly action: string;
  /** Why, with the permission to grant or the part that is missing. */
  readonly reason: string;
}

/** What became of the actions that a file declares: each is in one of the two. */
export interface DeclaredActions {
  /** Those that can be done, by name. */
  readonly handlers: ReadonlyMap<string, DeclaredAction>;
  /** Those that cannot, in the order of the file. */
  readonly refused: readonly RefusedAction[];
}

/**
 * Makes handlers of the actions that a file declares. Whatever is missing for an action, such as a
 * permission, is found here and not when it is needed; nobody is prompted.
 *
 * Not guaranteed: that a program which was granted is there, or that a program ends which began a
 * session of its own.
 *
 * @param settings The `handlers` of a recovery document.
 * @param parts What they act with.
 * @returns The actions that can be done, and why others cannot.
 *
 * @example Close a breaker, by a file
 * ```ts
 * import { parseConfig, recoverySchema } from "@baton/orchestration/config";
 * import { CircuitBreaker } from "@baton/orchestration/health";
 * import { createActionHandlers } from "@baton/orchestration/orchestration";
 *
 * const text = "handlers: { circuit_restart: { breaker: { name: orders, do: close } } }";
 * const { config } = await parseConfig(text, recoverySchema);
 * const breakers = new Map([["orders", new CircuitBreaker("orders")]]);
 * const { handlers, refused } = await createActionHandlers(config.handlers, { breakers });
 * if (refused.length > 0) throw new Error(refused[0]?.reason);
 * if (!handlers.has("circuit_restart")) throw new Error("it is declared");
 * ```
 */
export async function createActionHandlers(
  settings: Readonly<Record<string, HandlerSettings>>,
  parts: ActionHandlerParts = {},
): Promise<DeclaredActions> {
  const filled = fillParts(parts);
  const handlers = new Map<string, DeclaredAction>();
  const refused: RefusedAction[] = [];
  for (const [action, each] of Object.entries(settings)) {
    const template = templateOf(each);
    const reasons = [
      ...template.kind === "fault" ? [template.message] : [],
      ...await handlerRefusals(each, filled),
    ];
    if (template.kind === "fault" || reasons.length > 0) {
      refused.push({ action, reason: reasons.join("; ") });
      continue;
    }
    const run = handlerOf(each, filled, template.render);
    const unsaid = "log" in each || "notify" in each ? false as const : null;
    const verify = each.verify === null ? unsaid : actionVerifier(each.verify, filled);
    handlers.set(action, { run, verify });
  }
  return { handlers, refused };
}

function fillParts(parts: ActionHandlerParts): FilledParts {
  return {
    breakers: new Map(),
    node: "local",
    env: systemEnv,
    fetch: (url, init) => fetch(url, init),
    connect: (options) => Deno.connect(options),
    startProcessGroup,
    missingPermission,
    random: Math.random,
    ...parts,
  };
}

function templateOf(settings: HandlerSettings): ReadTemplate {
  const template = handlerTemplate(settings);
  return template === null ? NO_TEXT : readTemplate(template.text, template.encoding);
}

const NO_TEXT: ReadTemplate = { kind: "template", render: () => "" };

/** @returns The handler of an action of which nothing is missing. */
function handlerOf(
  settings: HandlerSettings,
  parts: FilledParts,
  render: (context: ActionContext) => string,
): ActionHandler {
  if ("exec" in settings) return execHandler(settings.exec, parts);
  if ("http" in settings) return httpHandler(settings.http, render, parts);
  if ("fallback" in settings) return fallbackHandler(settings.fallback, parts.fallbackManager!);
  if ("breaker" in settings) {
    return breakerHandler(settings.breaker, parts.breakers.get(settings.breaker.name)!);
  }
  if ("log" in settings) return logHandler(settings.log.level, render);
  return notifyHandler(settings.notify, { notifier: parts.notifier!, node: parts.node, render });
}
