import type { Clock } from "../../clock.ts";

/** How often it is looked whether work is still under way, in ms. */
const LOOK_MS = 50;

/**
 * Waits until no work is under way any more, but not for ever.
 *
 * @param isBusy Says whether work is under way.
 * @param clock The passage of time.
 * @param drainMs How long to wait at most, in ms.
 */
export async function drain(isBusy: () => boolean, clock: Clock, drainMs: number): Promise<void> {
  const untilMs = clock.monotonic() + drainMs;
  while (isBusy()) {
    const leftMs = untilMs - clock.monotonic();
    if (leftMs <= 0) return;
    await clock.sleep(Math.min(LOOK_MS, leftMs));
  }
}
