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
  versionstamp: string;
  changedAtMs: number;
  status: MemberStatus;
  silentMs: number;
}

/** An observer that looked away for longer counts only this many of the member's intervals. */
const LOOKED_AWAY_MAX_INTERVALS = 1.5;

/**
 * Judges members by the changes of their heartbeats that it saw itself. Silence is counted only while
 * the observer could look: after an outage of the store, when nobody could write, nobody is dead.
 */
export class MemberObserver {
  readonly #clock: Clock;
  readonly #limits: MissedHeartbeats;
  readonly #watched = new Map<string, Watched>();
  #lookedAtMs: number | undefined;
  #lookingMs = 0;

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
    this.#countTime(sightings);
    const met = new Set<string>();
    const deadAfterMissed = this.#limits.deadAfterMissed *
      Math.max(1, Math.log10(sightings.length));
    for (const sighting of sightings) {
      met.add(sighting.instanceId);
      const watched = this.#watch(sighting);
      watched.silentMs = this.#lookingMs - watched.changedAtMs;
      const missed = watched.silentMs / sighting.heartbeatMs;
      if (missed >= deadAfterMissed) watched.status = MemberStatus.DEAD;
      else if (missed >= this.#limits.suspectAfterMissed) watched.status = MemberStatus.SUSPECT;
      else watched.status = MemberStatus.ALIVE;
    }
    for (const id of this.#watched.keys()) if (!met.has(id)) this.#watched.delete(id);
  }

  /**
   * @param instanceId A member met in the last observation.
   * @returns What its heartbeats say.
   */
  statusOf(instanceId: string): MemberStatus {
    return this.#watched.get(instanceId)?.status ?? MemberStatus.ALIVE;
  }

  /**
   * @param instanceId A member met in the last observation.
   * @returns For how long its heartbeat has not changed, in ms of looking.
   */
  silentMs(instanceId: string): number {
    return this.#watched.get(instanceId)?.silentMs ?? 0;
  }

  #countTime(sightings: readonly Sighting[]): void {
    const now = this.#clock.monotonic();
    const sinceMs = this.#lookedAtMs === undefined ? 0 : now - this.#lookedAtMs;
    const longest = Math.max(0, ...sightings.map(({ heartbeatMs }) => heartbeatMs));
    this.#lookingMs += Math.min(sinceMs, longest * LOOKED_AWAY_MAX_INTERVALS);
    this.#lookedAtMs = now;
  }

  #watch({ instanceId, versionstamp }: Sighting): Watched {
    let watched = this.#watched.get(instanceId);
    if (!watched) {
      const changedAtMs = this.#lookingMs;
      watched = { versionstamp, changedAtMs, status: MemberStatus.ALIVE, silentMs: 0 };
      this.#watched.set(instanceId, watched);
    } else if (watched.versionstamp !== versionstamp) {
      watched.versionstamp = versionstamp;
      watched.changedAtMs = this.#lookingMs;
    }
    return watched;
  }
}
