import type { Clock } from "../clock.ts";
import type { SystemStatus } from "../enums/system_status.ts";
import type { HealthCheck, ResourceKind } from "./checks/health_check.ts";
import type { ComponentSetup } from "./component_options.ts";
import {
  type ComponentDict,
  ComponentRecord,
  type HealthCheckDict,
  type Observation,
  toHealthCheck,
} from "./component_record.ts";
import { HealthLook } from "./health_look.ts";
import { judgeStanding, type Standing, type StandingThresholds, UNSEEN } from "./standing.ts";

/** What one more look made of a component. */
export interface ComponentChange {
  /** Its status before; the same as after when nothing changed. */
  readonly from: SystemStatus;
  readonly to: SystemStatus;
  /** The look. */
  readonly check: HealthCheckDict;
}

/** Where a component tells what happens to it. */
export interface ComponentListener {
  /** It was looked at, or reported on. */
  observed(change: ComponentChange): void;
  /** Its check could not end what it does between looks, or not in time. */
  stopFailed(error: unknown): void;
}

/** A report is believed at once: who reports has looked often enough. */
const AT_ONCE: StandingThresholds = { failureThreshold: 1, successThreshold: 1 };

/** One component of a monitor: when it is looked at, how it stands, and what went wrong so far. */
export class HealthComponent {
  readonly #clock: Clock;
  readonly #listener: ComponentListener;
  readonly #record = new ComponentRecord();
  #setup: ComponentSetup;
  #look: HealthLook | null;
  #standing: Standing = UNSEEN;
  #dict: ComponentDict;
  #latest: HealthCheckDict | null = null;
  #dueAtMs: number;
  #isStarted = false;
  #underWay: Promise<void> | null = null;
  #ended: Promise<unknown> = Promise.resolve();

  constructor(setup: ComponentSetup, clock: Clock, listener: ComponentListener) {
    this.#setup = setup;
    this.#clock = clock;
    this.#listener = listener;
    this.#look = this.#makeLook();
    this.#dueAtMs = clock.monotonic();
    this.#dict = new ComponentRecord().update(
      { name: setup.name, status: UNSEEN.status, message: "", latencyMs: 0, metadata: {} },
      this.#timestamp(),
    );
  }

  get name(): string {
    return this.#setup.name;
  }

  get status(): SystemStatus {
    return this.#standing.status;
  }

  get resource(): ResourceKind | undefined {
    return this.#setup.check?.resource;
  }

  /** The component as the document shows it. */
  get dict(): ComponentDict {
    return this.#dict;
  }

  /** The latest look or report; null before the first. */
  get latest(): HealthCheckDict | null {
    return this.#latest;
  }

  /** The look under way; null when there is none. */
  get underWay(): Promise<void> | null {
    return this.#underWay;
  }

  /** When to look next, in monotonic ms; Infinity when never, or while a look is under way. */
  get dueAtMs(): number {
    return this.#look === null || this.#underWay !== null ? Infinity : this.#dueAtMs;
  }

  /** Changes how it is watched; what is known about it stays. */
  replace(setup: ComponentSetup): void {
    const before = this.#setup.check;
    this.#setup = setup;
    this.#dueAtMs = this.#clock.monotonic();
    if (before === setup.check) return this.#look?.retime(setup);
    this.#look?.callOff();
    this.#underWay = null;
    this.#look = this.#makeLook();
    const wasStarted = this.#isStarted;
    this.#end(before);
    if (wasStarted) this.start();
  }

  /** Begins what its check does between looks. */
  start(): void {
    this.#isStarted = true;
    this.#setup.check?.start?.(this.#clock);
  }

  /** Calls off the look under way and ends what its check does between looks. Never rejects. */
  async stop(): Promise<void> {
    this.#look?.callOff();
    this.#end(this.#setup.check);
    await this.#underWay;
    await this.#ended;
  }

  /** Looks, or joins the look under way. Never rejects. */
  look(): Promise<void> {
    if (this.#look === null) return Promise.resolve();
    this.#underWay ??= this.#lookOnce(this.#look);
    return this.#underWay;
  }

  /** Takes an observation for what it is, without waiting for a second one. */
  accept(observation: Observation): void {
    this.#take(observation, AT_ONCE);
  }

  async #lookOnce(look: HealthLook): Promise<void> {
    this.#dueAtMs = this.#clock.monotonic() + this.#setup.intervalMs;
    const observation = await look.look();
    if (look !== this.#look) return;
    this.#underWay = null;
    const nowMs = this.#clock.monotonic();
    if (observation === null) {
      this.#dueAtMs = nowMs;
      return;
    }
    // It gets a whole interval to end: one hang must not count twice.
    if (look.isBusy && this.#dueAtMs <= nowMs) this.#dueAtMs = nowMs + this.#setup.intervalMs;
    this.#take(observation, this.#setup);
  }

  #take(observation: Observation, thresholds: StandingThresholds): void {
    const timestamp = this.#timestamp();
    const from = this.#standing.status;
    this.#standing = judgeStanding(this.#standing, observation.status, thresholds);
    const to = this.#standing.status;
    this.#dict = { ...this.#record.update(observation, timestamp), status: to };
    this.#latest = toHealthCheck(observation, timestamp);
    this.#listener.observed({ from, to, check: this.#latest });
  }

  #end(check: HealthCheck | null): void {
    if (!this.#isStarted) return;
    this.#isStarted = false;
    if (check?.stop === undefined) return;
    const stopped = this.#stopInTime(Promise.resolve().then(() => check.stop?.()));
    this.#ended = Promise.all([this.#ended, stopped]);
  }

  /** Nobody waits for ever for code of others: a check has as long to stop as for a look. */
  async #stopInTime(stopping: Promise<void>): Promise<void> {
    const { name, timeoutMs } = this.#setup;
    const late = Promise.withResolvers<never>();
    const cancel = this.#clock.after(timeoutMs, () => {
      late.reject(new Error(`The check of "${name}" did not stop within ${timeoutMs} ms`));
    });
    try {
      await Promise.race([stopping, late.promise]);
    } catch (error) {
      this.#listener.stopFailed(error);
    } finally {
      cancel();
    }
  }

  #makeLook(): HealthLook | null {
    const { name, check, timeoutMs, slowMs } = this.#setup;
    if (check === null) return null;
    return new HealthLook({ name, check, clock: this.#clock, timeoutMs, slowMs });
  }

  #timestamp(): string {
    return new Date(this.#clock.now()).toISOString();
  }
}
