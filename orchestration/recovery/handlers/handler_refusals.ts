import { addressOf } from "../../../config/availability/probes/address_of.ts";
import { hostOf } from "../../../config/availability/probes/host_of.ts";
import type { HandlerSettings } from "../../../config/schemas/recovery_handlers.ts";
import type { VerifierSettings } from "../../../config/schemas/recovery_verifiers.ts";
import type { FilledParts } from "./action_handler_parts.ts";
import { KILL } from "./process_group.ts";

/** A program that is run. */
interface Program {
  readonly argv: readonly string[];
  readonly env: readonly string[];
  readonly set_env?: Readonly<Record<string, string>>;
}

/** @returns Why an action cannot be done here, each reason with what to do; none when it can. */
export async function handlerRefusals(
  settings: HandlerSettings,
  parts: FilledParts,
): Promise<readonly string[]> {
  const reasons = [
    ...missingPart(settings, parts),
    ...await missingForKind(settings, parts),
    ...settings.verify === null ? [] : await missingForVerifier(settings.verify, parts),
  ];
  return [...new Set(reasons)];
}

function missingPart(settings: HandlerSettings, parts: FilledParts): readonly string[] {
  if ("breaker" in settings && !parts.breakers.has(settings.breaker.name)) {
    return [`no breaker named ${settings.breaker.name}`];
  }
  if ("fallback" in settings && parts.fallbackManager === undefined) return ["no fallback manager"];
  if ("notify" in settings && parts.notifier === undefined) return ["no notifier"];
  return [];
}

async function missingForKind(
  settings: HandlerSettings,
  parts: FilledParts,
): Promise<readonly string[]> {
  if ("exec" in settings) return await missingForProgram(settings.exec, parts);
  if ("http" in settings) return await missingForHost(hostOf(new URL(settings.http.url)), parts);
  return [];
}

async function missingForVerifier(
  settings: VerifierSettings,
  parts: FilledParts,
): Promise<readonly string[]> {
  if ("component" in settings) {
    return parts.health === undefined ? ["no health monitor to verify a component with"] : [];
  }
  if ("http" in settings) return await missingForHost(hostOf(new URL(settings.http.url)), parts);
  if ("command" in settings) return await missingForProgram(settings.command, parts);
  const { host, port } = settings.tcp;
  return await missingForHost(addressOf(host, port), parts);
}

async function missingForHost(
  host: string,
  { missingPermission }: FilledParts,
): Promise<readonly string[]> {
  const missing = await missingPermission({ name: "net", host });
  return missing === null ? [] : [missing];
}

/** Variables with these names steer the loader of programs: Deno sets them for nobody in particular. */
const LOADER_VARIABLE = /^(?:LD|DYLD)_/;

async function missingForProgram(program: Program, parts: FilledParts): Promise<readonly string[]> {
  const { missingPermission } = parts;
  const [command = ""] = program.argv;
  const names = [...program.env, ...Object.keys(program.set_env ?? {})];
  const missingAll = await missingPermission({ name: "run" });
  const reasons: (string | null)[] = [];
  if (missingAll !== null) {
    const missing = await missingPermission({ name: "run", command });
    // Deno drops the grant for a command that it cannot find, so the flag may have been given.
    reasons.push(missing === null ? null : `${missing}, with ${command} installed`);
    const missingKill = await missingPermission({ name: "run", command: KILL });
    reasons.push(missingKill === null ? null : `${missingKill}, to end what ${command} starts`);
    if (names.some((name) => LOADER_VARIABLE.test(name))) {
      reasons.push(`${missingAll} without a list, for variables named LD_* or DYLD_*`);
    }
  }
  for (const variable of program.env) {
    reasons.push(await missingPermission({ name: "env", variable }));
  }
  return [...windowsReason(Deno.build.os), ...reasons.filter((reason) => reason !== null)];
}

/** @returns Why programs are not run on an operating system; none where they are. */
export function windowsReason(os: string): readonly string[] {
  return os === "windows" ? ["programs are not run on Windows, which has no process groups"] : [];
}
