import type { Clock } from "../../clock.ts";
import { UserEventType } from "../../enums/user_event_type.ts";
import { checkEventIds } from "./event_ids.ts";
import { OrderedEvents } from "./ordered_events.ts";
import type { UserEventFields } from "./user_event_fields.ts";
import type { UserEventSink } from "./user_event_sink.ts";

/** Options of {@link RunEvents}. */
export interface RunEventsOptions {
  /** Who takes the events; null for nobody. */
  readonly sink: UserEventSink | null;
  /** Says when they happened. */
  readonly clock: Pick<Clock, "now">;
  /** Whose run it is. */
  readonly userId: string;
  /** The conversation it belongs to. */
  readonly threadId: string;
  /** The run. */
  readonly runId: string;
}

/** Types that say where a run stands when they name no agent; {@link RunEvents} has methods for them. */
const MILESTONES: ReadonlySet<UserEventType> = new Set([
  UserEventType.AGENT_STARTED,
  UserEventType.AGENT_COMPLETED,
  UserEventType.AGENT_DEATH,
]);

/**
 * Tells the events of one run and keeps their order: it starts once, before anything else, and ends
 * once, after everything else. What would break that is counted and not sent. Nothing that goes wrong
 * here breaks the run: no method throws.
 *
 * A run's own start and end name no agent; those of the agents in it do, and end no run.
 *
 * @example One run
 * ```ts
 * import { systemClock } from "@baton/orchestration/clock";
 * import { RunEvents, type UserEvent } from "@baton/orchestration/engines";
 *
 * const sent: UserEvent[] = [];
 * const sink = { send: (event: UserEvent) => void sent.push(event) };
 * const run = { userId: "u-81", threadId: "t-1", runId: "r-1" };
 * const events = new RunEvents({ ...run, sink, clock: systemClock });
 * events.started();
 * events.tell("triage", "agent_thinking", { reasoning: "Looking at the question" });
 * events.ended({ result: "done", executionTimeMs: 12 });
 * events.ended({ result: "again", executionTimeMs: 13 });
 * if (sent.length !== 3 || events.violations !== 1) throw new Error("unexpected");
 * ```
 */
export class RunEvents {
  readonly #events: OrderedEvents;
  #violations = 0;
  #faults = 0;

  /**
   * Makes the events of a run; nothing is sent yet.
   *
   * @param options The run, and who takes its events.
   * @throws {InvalidUserEventError} when an id is missing, blank or made up.
   */
  constructor({ sink, clock, userId, threadId, runId }: RunEventsOptions) {
    const ids = { userId, threadId, runId };
    checkEventIds(ids);
    this.#events = new OrderedEvents({
      sink,
      clock,
      ids,
      onViolation: () => this.#violations++,
      onFault: () => this.#faults++,
    });
  }

  /** Where the run stands. */
  get stage(): "new" | "started" | "ended" {
    return this.#events.stage;
  }

  /** Events that were not sent: before the start, after the end, or a second one of these. */
  get violations(): number {
    return this.#violations;
  }

  /** Events that the sink did not take, at once or later, or whose data could not be read. */
  get faults(): number {
    return this.#faults;
  }

  /**
   * Says that the run began.
   *
   * @param fields What there is to say.
   * @returns Whether it was sent, and not refused at once.
   */
  started(fields: UserEventFields["agent_started"] = {}): boolean {
    return this.#events.send("start", null, UserEventType.AGENT_STARTED, fields);
  }

  /**
   * Says what happens during the run.
   *
   * @param agentName The agent; null for the run as a whole.
   * @param type What happens. The start and the end of the run as a whole have methods of their own.
   * @param fields What there is to say.
   * @returns Whether it was sent, and not refused at once.
   */
  tell<T extends UserEventType>(
    agentName: string | null,
    type: T,
    fields: UserEventFields[T],
  ): boolean {
    if (agentName === null && MILESTONES.has(type)) {
      this.#violations++;
      return false;
    }
    return this.#events.send("middle", agentName, type, fields);
  }

  /**
   * Says that the run ended, well or not: its terminal event.
   *
   * @param fields How, and what came of it.
   * @returns Whether it was sent, and not refused at once.
   */
  ended(fields: UserEventFields["agent_completed"]): boolean {
    return this.#events.send("end", null, UserEventType.AGENT_COMPLETED, fields);
  }

  /**
   * Says that the run will not answer any more: its terminal event in place of {@link RunEvents.ended}.
   *
   * @param fields Why.
   * @returns Whether it was sent, and not refused at once.
   */
  died(fields: UserEventFields["agent_death"]): boolean {
    return this.#events.send("end", null, UserEventType.AGENT_DEATH, fields);
  }
}
