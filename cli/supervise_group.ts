import type { Clock } from "../clock.ts";
import { aborted } from "../coordination/signals.ts";
import type { CommandGroup } from "./command_group.ts";

/** Options of {@link superviseGroup}. */
export interface SuperviseOptions {
  /** Aborts when the group must end: its term of leadership is over. */
  readonly lost: AbortSignal;
  /** How long the group has between SIGTERM and SIGKILL, in ms. */
  readonly graceMs: number;
  readonly clock: Clock;
  /** Is told that the group is being ended because leadership was lost. */
  readonly onLost: (reason: unknown) => void;
}

/** How a group ended. */
export interface GroupOutcome {
  /** The command's exit code. */
  readonly code: number;
  /** Whether it was ended because leadership was lost. */
  readonly lost: boolean;
}

const ALIVE_POLL_MS = 20;

/**
 * Waits for a command to end, and ends it when leadership is lost. Either way nothing of the group
 * is left afterwards: what the command started in the background is ended too.
 *
 * @param group The command and what it started.
 * @param options When and how to end it.
 * @returns How it ended.
 */
export async function superviseGroup(
  group: CommandGroup,
  options: SuperviseOptions,
): Promise<GroupOutcome> {
  const { lost } = options;
  const over = new AbortController();
  const endedFirst = await Promise.race([
    group.ended.then(() => true),
    aborted(lost, over.signal).then(() => false),
  ]);
  over.abort();
  if (!endedFirst) options.onLost(lost.reason);
  await endGroup(group, options);
  return { code: await group.ended, lost: !endedFirst };
}

async function endGroup(group: CommandGroup, options: SuperviseOptions): Promise<void> {
  const { clock, graceMs } = options;
  if (!group.signal("SIGTERM")) return;
  // A stopped process takes SIGTERM only once it goes on.
  group.signal("SIGCONT");
  const untilMs = clock.monotonic() + graceMs;
  while (clock.monotonic() < untilMs) {
    await clock.sleep(Math.min(ALIVE_POLL_MS, untilMs - clock.monotonic()));
    if (!group.signal(0)) return;
  }
  group.signal("SIGKILL");
}
