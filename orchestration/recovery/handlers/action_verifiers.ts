import type {
  CommandVerification,
  HttpVerification,
  TcpVerification,
  VerifierSettings,
} from "../../../config/schemas/recovery_verifiers.ts";
import { canonical } from "../../../enums/canonical.ts";
import { SystemStatus } from "../../../enums/system_status.ts";
import type { HealthSource } from "../../../health/health_state.ts";
import type { ActionContext, ActionVerifier } from "../action_handler.ts";
import { actionEnv } from "./action_env.ts";
import { ActionFailedError } from "./action_failed_error.ts";
import type { FilledParts } from "./action_handler_parts.ts";
import { callWithin } from "./call_within.ts";
import { startOrFail } from "./exec_handler.ts";
import { runGroup } from "./run_group.ts";

const GRACE_MS = 5_000;

/** Makes the verifier of an action. @throws {TypeError} when there is no health to ask. */
export function actionVerifier(settings: VerifierSettings, parts: FilledParts): ActionVerifier {
  if ("component" in settings) return componentVerifier(settings.component, parts.health);
  if ("http" in settings) return httpVerifier(settings.http, parts);
  if ("tcp" in settings) return tcpVerifier(settings.tcp, parts);
  return commandVerifier(settings.command, parts);
}

function componentVerifier(name: string, health: HealthSource | undefined): ActionVerifier {
  if (health === undefined) throw new TypeError("Cannot verify a component without health");
  return async ({ action, signal }) => {
    const { components = {} } = await health.getComprehensiveState();
    signal.throwIfAborted();
    const component = Object.hasOwn(components, name) ? components[name] : undefined;
    if (typeof component !== "object" || component === null || !("status" in component)) {
      const reason = `the health document has no component ${name}`;
      throw new ActionFailedError(action, { kind: "component", reason });
    }
    return canonical(SystemStatus, component.status) === SystemStatus.HEALTHY;
  };
}

function httpVerifier(settings: HttpVerification, parts: FilledParts): ActionVerifier {
  const { url, timeout, expect_status: expected } = settings;
  return (context) =>
    answersWell(context, timeout, async (signal) => {
      const response = await parts.fetch(url, { signal, redirect: "manual" });
      await response.body?.cancel();
      return expected.length === 0 ? response.ok : expected.includes(response.status);
    });
}

function tcpVerifier(settings: TcpVerification, parts: FilledParts): ActionVerifier {
  const { host: hostname, port, timeout } = settings;
  return (context) =>
    answersWell(context, timeout, async (signal) => {
      using _connection = await parts.connect({ hostname, port, signal });
      return true;
    });
}

function commandVerifier(settings: CommandVerification, parts: FilledParts): ActionVerifier {
  const { argv, cwd, env: pass, timeout } = settings;
  return (context) =>
    answersWell(context, timeout, async (signal) => {
      const { code } = await runGroup({
        argv,
        cwd,
        env: actionEnv(context, { pass, set: {}, env: parts.env }),
        graceMs: GRACE_MS,
        maxOutput: 0,
        signal,
        clock: context.clock,
        start: startOrFail(context.action, parts.startProcessGroup),
      });
      return code === 0;
    });
}

/** What does not answer, or too late, is not well; what was called off is not known. */
async function answersWell(
  context: ActionContext,
  seconds: number,
  ask: (signal: AbortSignal) => Promise<boolean>,
): Promise<boolean> {
  context.signal.throwIfAborted();
  try {
    return await callWithin(context, seconds, ask);
  } catch (error) {
    context.signal.throwIfAborted();
    if (error instanceof ActionFailedError) throw error;
    return false;
  }
}
