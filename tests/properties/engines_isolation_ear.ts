import type { UserEventHub, UserEventMessage } from "@baton/orchestration/engines";
import type { Watch } from "./engines_isolation_watch.ts";

const TERMINAL: ReadonlySet<string> = new Set(["agent_completed", "agent_death"]);

/** What a user heard of a run. */
export interface HeardRun {
  /** How often it was told that the run ended; nothing but the start may come before, nothing after. */
  ends: number;
  /** How it ended, in the words of the event's `status`. */
  status: string | null;
  /** The agents that began and did not end. */
  readonly open: Set<string>;
  /** How many agents began. */
  started: number;
}

/** Listens to all events of one user, and accounts for each. */
export class UserEar {
  /** What was heard of each run. */
  readonly runs = new Map<string, HeardRun>();
  /** The number of the last event. */
  lastSeq = 0;
  readonly #watch: Watch;
  readonly #userId: string;
  readonly #mark: string;

  /** Begins to listen. */
  constructor(hub: UserEventHub, userId: string, mark: string, watch: Watch) {
    this.#watch = watch;
    this.#userId = userId;
    this.#mark = mark;
    const subscription = hub.subscribe(userId);
    const ready = () => {
      for (let next = subscription.take(); next !== null; next = subscription.take()) {
        if (next.kind === "event") this.#hear(next.seq, next.text);
        else watch.fault(`${userId} missed ${next.notice.from} to ${next.notice.to}`);
      }
    };
    subscription.listen({ ready, closed: () => watch.fault(`${userId} was cut off`) });
  }

  #hear(seq: number, text: string): void {
    const message: UserEventMessage = JSON.parse(text);
    this.#watch.own("an event", text, this.#mark);
    this.#watch.is("the user of an event", message.user_id, this.#userId);
    this.#watch.is(`number of an event of ${this.#userId}`, seq, this.lastSeq + 1);
    this.#watch.is("number in an event", message.seq, seq);
    this.lastSeq = seq;
    const fault = this.#account(message);
    if (fault !== null) this.#watch.fault(`${fault}: ${text}`);
  }

  /** @returns What is wrong with the event where it comes; null when nothing is. */
  #account({ type, run_id: runId, agent_name: agent, data }: UserEventMessage): string | null {
    const run = this.runs.get(runId);
    const isStart = type === "agent_started";
    if (agent === null && isStart) {
      const { resumed } = data["context"] as { resumed: boolean };
      if (resumed !== (run !== undefined)) return "a start of a run, not as it is";
      if (run !== undefined) return run.ends === 0 ? null : "a start behind the end of a run";
      this.runs.set(runId, { ends: 0, status: null, open: new Set(), started: 0 });
      return null;
    }
    if (run === undefined) return "an event before the start of its run";
    if (agent === null && TERMINAL.has(type)) {
      run.status = String(data["status"]);
      return run.ends++ === 0 ? null : "a second end of a run";
    }
    if (run.ends > 0) return "an event after the end of its run";
    if (agent === null) return null;
    // Of a step that failed before its agent began, the orchestrator tells.
    const isOfStep = type === "agent_error" && data["step_type"] !== undefined;
    if (isOfStep) return run.open.has(agent) ? "an error of a step whose agent runs" : null;
    return accountAgent(run, agent, type);
  }
}

function accountAgent(run: HeardRun, agent: string, type: string): string | null {
  if (type === "agent_started") {
    if (run.open.has(agent)) return "a second start of an agent";
    run.open.add(agent);
    run.started++;
    return null;
  }
  if (!run.open.has(agent)) return "an event before the start of its agent, or after its end";
  if (type === "agent_completed") run.open.delete(agent);
  return null;
}
