import type { HealthCheck, HealthFinding } from "../../../health/checks/health_check.ts";
import { FakeClock } from "../../../testing/fake_clock.ts";

/** @returns What a check finds, looking once. */
export async function lookWith(check: HealthCheck, signal?: AbortSignal): Promise<HealthFinding> {
  const context = { signal: signal ?? new AbortController().signal, clock: new FakeClock() };
  return await check.look(context);
}

/** @returns Status and message of what a check finds. */
export async function shortLook(
  check: HealthCheck,
): Promise<readonly [status: string, message: string | undefined]> {
  const { status, message } = await lookWith(check);
  return [status, message];
}
