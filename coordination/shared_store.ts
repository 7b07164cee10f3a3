import type { Clock } from "../clock.ts";
import { KvStore } from "./kv_store.ts";
import { Pulse } from "./pulse.ts";

/** What everything that uses one store handle in this process shares. */
export interface SharedStore {
  /** The port. */
  readonly store: KvStore;
  /** What writes periodically. */
  readonly pulse: Pulse;
}

const byHandle = new WeakMap<Deno.Kv, Map<Clock, SharedStore>>();

/**
 * Finds or makes the port and the pulse of a store handle, so that all elections and coordinators
 * of a process put their renewals and heartbeats into the same commits.
 *
 * @param kv The handle.
 * @param clock Times everything; each clock has a pulse of its own.
 * @param random Spreads retries and intervals; that of the first caller stays.
 * @returns The shared parts.
 */
export function sharedStore(kv: Deno.Kv, clock: Clock, random: () => number): SharedStore {
  let byClock = byHandle.get(kv);
  if (!byClock) byHandle.set(kv, byClock = new Map());
  let shared = byClock.get(clock);
  if (!shared) {
    const store = new KvStore(kv, { clock, random });
    byClock.set(clock, shared = { store, pulse: new Pulse(store, random) });
  }
  return shared;
}
