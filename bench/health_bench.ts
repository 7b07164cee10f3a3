import { type Clock, systemClock } from "@baton/orchestration/clock";
import { customCheck, type HealthFinding, HealthMonitor } from "@baton/orchestration/health";
import { type Figures, measure, measureSideBySide, ms, perSecond, table } from "./figures.ts";

const COMPONENTS = 100;
const CHANGES = 1_000;

/** A monitor of so many components whose checks do nothing, due at every look or never again. */
function monitorOf(look: () => HealthFinding, clock: Clock = systemClock): HealthMonitor {
  const monitor = new HealthMonitor({ clock });
  for (let i = 0; i < COMPONENTS; i++) {
    monitor.register({ name: `component-${i}`, check: customCheck(look), intervalMs: 86_400_000 });
  }
  return monitor;
}

/** Counts the timers that a clock holds. */
function countingClock(): { readonly clock: Clock; timers(): number } {
  let timers = 0;
  const clock: Clock = {
    ...systemClock,
    after(ms, run) {
      timers++;
      let isPlanned = true;
      const end = () => {
        if (isPlanned) timers--;
        isPlanned = false;
      };
      const cancel = systemClock.after(ms, () => {
        end();
        run();
      });
      return () => {
        end();
        cancel();
      };
    },
  };
  return { clock, timers: () => timers };
}

/** One look at many components and the document of them, beside the bare calls; timers when idle. */
export async function benchHealth(times: number): Promise<string> {
  const well: HealthFinding = { status: "HEALTHY" };
  const looked = monitorOf(() => well);
  await looked.getComprehensiveState();
  const names = looked.componentNames;
  const [bare, looks, document] = await measureSideBySide(times, [
    async () => void await Promise.all(names.map(() => Promise.resolve(well))),
    async () => void await Promise.all(names.map((name) => looked.checkNow(name))),
    async () => void await looked.getComprehensiveState(),
  ]) as [Figures, Figures, Figures];
  let status = "HEALTHY";
  const flapping = new HealthMonitor();
  flapping.register({ name: "a" });
  const reports = await measure(times, () => {
    for (let i = 0; i < CHANGES; i++) {
      status = status === "HEALTHY" ? "FAILED" : "HEALTHY";
      flapping.report("a", { status });
    }
    return Promise.resolve();
  });
  const row = (name: string, figures: Figures, each = 1) => [
    name,
    ms(figures.percentileMs(0.5)),
    ms(figures.percentileMs(0.99)),
    perSecond(figures, each),
  ];
  const timers = await timersWhenIdle(well);
  return table(`Health of ${COMPONENTS} components (${timers} timer when idle)`, [
    "operation",
    "p50 ms",
    "p99 ms",
    "per s (mean)",
  ], [
    row(`bare: ${COMPONENTS} promises side by side`, bare),
    row(`look at all ${COMPONENTS}, each under its deadline`, looks),
    row(`document of ${COMPONENTS}, nothing due`, document),
    row(`${CHANGES} reports, each a change of status`, reports, CHANGES),
  ]);
}

async function timersWhenIdle(well: HealthFinding): Promise<number> {
  const { clock, timers } = countingClock();
  const monitor = monitorOf(() => well, clock);
  const run = monitor.run();
  await monitor.getComprehensiveState();
  await systemClock.sleep(0);
  const idle = timers();
  await monitor.stop();
  await run;
  if (timers() !== 0) throw new Error("a stopped monitor left timers behind");
  return idle;
}
