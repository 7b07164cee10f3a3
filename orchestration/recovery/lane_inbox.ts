import { RecoveryResult } from "../../enums/recovery_result.ts";
import {
  byUrgency,
  decodePending,
  PENDING_LISTED_MAX,
  type PendingAnomaly,
  toldForMs,
} from "./anomaly_event.ts";
import type { ChainDesk } from "./chain_desk.ts";
import { anomalyCause, type ChainStarter, requestedStart, stepsOf } from "./chain_starts.ts";
import { phaseOf } from "./gather_facts.ts";
import { ignoredEntry } from "./ignored_entry.ts";
import type { LaneDraft } from "./lane_draft.ts";
import type { Ledger } from "./ledger.ts";
import { noteRefusal } from "./ledger_notes.ts";
import { decodeRequest } from "./manual_request.ts";
import type { ChainCause } from "./recovery_chain.ts";
import type { RecoveryEnvironment } from "./recovery_environment.ts";
import type { RecoveryLane } from "./recovery_lane.ts";
import { policyFor, type PolicyRules } from "./recovery_rules.ts";
import type { StoredEntry } from "./recovery_storage.ts";

/** Options of {@link LaneInbox}. */
export interface LaneInboxOptions {
  /** The lane. */
  readonly lane: RecoveryLane;
  /** What recovery works with. */
  readonly environment: RecoveryEnvironment;
  /** Knows what holds for actions. */
  readonly desk: ChainDesk;
  /** Begins chains. */
  readonly starter: ChainStarter;
}

interface Waiting {
  readonly entry: StoredEntry;
  readonly anomaly: PendingAnomaly;
}

/** An anomaly as severe as the handler of phases says, and what it says of why. */
interface Judged {
  readonly anomaly: PendingAnomaly;
  readonly note: string;
}

const UNREADABLE = "it cannot be read";
const REQUESTS_MAX = 100;
/** What a handler of phases says of why is kept with the chain. */
const NOTE_MAX_CHARS = 200;

/** Takes what waits in the storage for a lane: requests of people first, then anomalies. */
export class LaneInbox {
  readonly #options: LaneInboxOptions;
  /** Since when anomalies are seen to wait, by type, in ms since 1970 by the ledger's clock. */
  #seenMs: ReadonlyMap<string, number> = new Map();
  #waiting = 0;

  /** @param options The lane, and whom to ask. */
  constructor(options: LaneInboxOptions) {
    this.#options = options;
  }

  /** How many anomalies wait, as of the last look, and what is known to have come since. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Notes that an anomaly was just put on record. */
  noteWaiting(): void {
    this.#waiting++;
  }

  /**
   * Takes what waits, the most severe anomalies first, for as long as there is room for their chains.
   * The rest goes on waiting in the storage, where more severe ones still come before it; so do those
   * of a type under way.
   */
  async take(): Promise<void> {
    const { lane: { keys }, environment: { storage } } = this.#options;
    for (const entry of await storage.list(keys.requests, { limit: REQUESTS_MAX })) {
      await this.#orDrop(entry, () => this.#takeRequest(entry));
    }
    const ready = await this.#ready();
    for (let room = this.#room(); room > 0 && ready.length > 0; room = this.#room()) {
      const next = ready.splice(0, room);
      // All at once: one that gets no answer must not keep those behind it waiting as well.
      const judged = await Promise.all(next.map(({ anomaly }) => this.#assess(anomaly)));
      for (const [index, { entry }] of next.entries()) {
        await this.#orDrop(entry, () => this.#takeAnomaly(entry, judged[index]!));
        this.#waiting--;
      }
    }
  }

  /** @returns What waits and could be taken, the most severe first; what cannot be read goes. */
  async #ready(): Promise<Waiting[]> {
    const { lane: { keys }, environment: { storage }, starter } = this.#options;
    const entries = await storage.list(keys.pending, { limit: PENDING_LISTED_MAX });
    this.#waiting = entries.length;
    const nowMs = this.#options.lane.now();
    const seenMs = new Map<string, number>();
    const ready: Waiting[] = [];
    for (const entry of entries) {
      const anomaly = decodePending(entry.value);
      if (anomaly === null) {
        await this.#drop(entry, UNREADABLE, noteUnreadable);
        this.#waiting--;
        continue;
      }
      seenMs.set(anomaly.type, this.#seenMs.get(anomaly.type) ?? nowMs);
      if (!starter.isUnderWay(anomaly.type)) ready.push({ entry, anomaly });
    }
    this.#seenMs = seenMs;
    return ready.sort((a, b) => byUrgency(a.anomaly, b.anomaly));
  }

  /** @returns How many more chains there may be: as many as run, and wait for their turn. */
  #room(): number {
    const { lane: { chains }, environment: { rules } } = this.#options;
    const { concurrent, waiting } = rules().limits;
    return concurrent + waiting - chains.size;
  }

  async #takeRequest(entry: StoredEntry): Promise<void> {
    const { desk, starter } = this.#options;
    const request = decodeRequest(entry.value);
    if (request === null) return await this.#drop(entry, UNREADABLE);
    const timeoutMs = desk.timeoutMsOf(request.action);
    await starter.begin((draft) => {
      draft.take(entry);
      return requestedStart(request, timeoutMs, draft.nowMs);
    });
  }

  async #takeAnomaly(entry: StoredEntry, { anomaly, note }: Judged): Promise<void> {
    const { starter, environment: { rules } } = this.#options;
    const policy = policyFor(rules(), anomaly.type);
    const isSevere = policy !== null && anomaly.severity >= policy.severityThreshold;
    await starter.begin(async (draft) => {
      if (draft.hasChainOf(anomaly.type)) return null; // it goes on waiting
      draft.take(entry);
      const cause = anomalyCause(draft, this.#lasting(anomaly, draft.nowMs), rules(), note);
      if (isSevere) return { cause, steps: stepsOf(policy) };
      await this.#ignore(draft, cause, policy);
      return null;
    });
  }

  /** It lasted for as long as it was told of, or was seen to wait here if that is longer. */
  #lasting(anomaly: PendingAnomaly, nowMs: number): PendingAnomaly {
    const seenForMs = nowMs - (this.#seenMs.get(anomaly.type) ?? nowMs);
    return { ...anomaly, lastMs: anomaly.firstMs + Math.max(toldForMs(anomaly), seenForMs) };
  }

  async #ignore(draft: LaneDraft, cause: ChainCause, policy: PolicyRules | null): Promise<void> {
    const { lane, environment: { rules } } = this.#options;
    const result = policy === null ? RecoveryResult.NO_POLICY : RecoveryResult.BELOW_THRESHOLD;
    const threshold = policy?.severityThreshold ?? null;
    const entry = ignoredEntry(cause, { result, threshold, nowMs: draft.nowMs, lane });
    draft.ledger.counters.ignored++;
    noteRefusal(draft.ledger, result);
    await draft.recordRefusal(entry, { ...rules().history, isOnce: false });
  }

  /** Lets the handler of phases judge it. One that fails changes nothing. */
  async #assess(anomaly: PendingAnomaly): Promise<Judged> {
    const { environment } = this.#options;
    const { phaseAwareHandler, telemetry } = environment;
    if (phaseAwareHandler === null) return { anomaly, note: "" };
    try {
      const told = { anomalyType: anomaly.type, severityScore: anomaly.severity };
      const judged = await phaseAwareHandler.assess(told, phaseOf(environment).phase);
      if (judged === null) return { anomaly, note: "" };
      const { severityScore: severity, reason = "" } = judged;
      if (!(severity >= 0 && severity <= 1)) {
        throw new RangeError(`severityScore must be from 0 to 1, got ${severity}`);
      }
      return {
        anomaly: { ...anomaly, severity },
        note: reason && `: ${reason.slice(0, NOTE_MAX_CHARS)}`,
      };
    } catch (error) {
      telemetry.fault("phase-aware handler", error);
      return { anomaly, note: "" };
    }
  }

  /** What no storage takes as a chain would stand in the way of all that waits behind it. */
  async #orDrop(entry: StoredEntry, take: () => Promise<void>): Promise<void> {
    try {
      await take();
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      const anomaly = decodePending(entry.value);
      await this.#drop(entry, error.message, anomaly ? noteDropped(anomaly) : undefined);
    }
  }

  async #drop(
    entry: StoredEntry,
    why: string,
    note: (ledger: Ledger) => void = () => {},
  ): Promise<void> {
    const { lane, environment: { telemetry } } = this.#options;
    await lane.transact((draft) => {
      draft.take(entry);
      note(draft.ledger);
    });
    telemetry.fault("inbox", new Error(`dropped ${entry.key.join("/")}: ${why}`));
  }
}

function noteUnreadable({ counters }: Ledger): void {
  counters.dropped++;
}

function noteDropped({ told }: PendingAnomaly): (ledger: Ledger) => void {
  return ({ counters }) => {
    counters.dropped++;
    counters.anomalies += told;
    counters.coalesced += told - 1;
  };
}
