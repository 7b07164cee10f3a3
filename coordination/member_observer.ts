import type { Clock } from "../clock.ts";
import { MemberStatus } from "../enums/member_status.ts";

/** How many missed heartbeats make a member suspect or dead. */
export interface MissedHeartbeats {
  /** Missed heartbeats after which a member is suspect. */
  readonly suspectAfterMissed: number;
  /** Missed heartbeats after which it is dead; in clusters of more than ten times log10 of the size. */
  readonly deadAfterMissed: number;
}

/** A member as the observer meets it in the store. */
export interface Sighting {
  /** The member's id. */
  readonly instanceId: string;
  /** Changes with every heartbeat. */
  readonly versionstamp: string;
  /** How often the member promises to write, in ms. */
  readonly heartbeatMs: number;
}

interface Watched {
  readonly versionstamp: string;
  readonly silentMs: number;
  /** Whether it was seen to join or to write a heartbeat. */
  readonly hasStirred: boolean;
  readonly status: MemberStatus | undefined;
}

/** An observer that looked away for longer counts only this many of the member's intervals. */
const LOOKED_AWAY_MAX_INTERVALS = 1.5;

/**
 * Judges members by the changes of their heartbeats that it saw itself. Silence is counted only while
 * the observer could look: after an outage of the store, when nobody could write, nobody is dead.
 * Of a member that stood there at the first look, nothing is known until it stirs or stays silent.
 */
export class MemberObserver {
  readonly #clock: Clock;
  readonly #limits: MissedHeartbeats;
  #watched: ReadonlyMap<string, Watched> = new Map();
  #lookedAtMs: number | undefined;

  /**
   * @param clock Times silence.
   * @param limits How much silence is too much.
   */
  constructor(clock: Clock, limits: MissedHeartbeats) {
    this.#clock = clock;
    this.#limits = limits;
  }

  /**
   * Takes note of all members as they stand now; those it no longer meets are forgotten.
   *
   * @param sightings Every registered member.
   */
  observe(sightings: readonly Sighting[]): void {
    const now = this.#clock.monotonic();
    const sinceMs = now - (this.#lookedAtMs ?? now);
    const deadAfterMissed = this.#limits.deadAfterMissed *
      Math.max(1, Math.log10(sightings.length));
    const isFirstLook = this.#lookedAtMs === undefined;
    this.#lookedAtMs = now;
    this.#watched = new Map(sightings.map((sighting) => {
      const { instanceId, versionstamp, heartbeatMs } = sighting;
      const last = this.#watched.get(instanceId);
      const isSilent = last?.versionstamp === versionstamp;
      const lookedMs = Math.min(sinceMs, LOOKED_AWAY_MAX_INTERVALS * heartbeatMs);
      const silentMs = isSilent ? last.silentMs + lookedMs : 0;
      const hasStirred = isSilent ? last.hasStirred : !isFirstLook;
      const status = this.#judge(silentMs / heartbeatMs, deadAfterMissed, hasStirred);
      return [instanceId, { versionstamp, silentMs, hasStirred, status }];
    }));
  }

  /**
   * @param instanceId A member met in the last observation.
   * @returns What its heartbeats say; undefined while they say nothing.
   */
  statusOf(instanceId: string): MemberStatus | undefined {
    return this.#watched.get(instanceId)?.status;
  }

  /**
   * @param instanceId A member met in the last observation.
   * @returns For how long its heartbeat has not changed, in ms of looking.
   */
  silentMs(instanceId: string): number {
    return this.#watched.get(instanceId)?.silentMs ?? 0;
  }

  #judge(missed: number, deadAfterMissed: number, hasStirred: boolean): MemberStatus | undefined {
    if (missed >= deadAfterMissed) return MemberStatus.DEAD;
    if (missed >= this.#limits.suspectAfterMissed) return MemberStatus.SUSPECT;
    return hasStirred ? MemberStatus.ALIVE : undefined;
  }
}
