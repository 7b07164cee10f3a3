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

/** Options of {@link sharedStore}. */
export interface SharedStoreOptions {
  /** Times everything. */
  readonly clock: Clock;
  /** Spreads retries and intervals; that of the first caller stays. */
  readonly random: () => number;
  /**
   * Deadline of one attempt, in ms. What has the same one shares a pulse: a batch waits for the
   * slowest of its members and has the deadline of the most impatient, so unlike ones keep apart.
   */
  readonly attemptTimeoutMs: number;
}

interface Shared {
  readonly store: KvStore;
  readonly pulses: Map<number, Pulse>;
}

const byHandle = new WeakMap<Deno.Kv, Map<Clock, Shared>>();

/**
 * Finds or makes the port and the pulse of a store handle, so that all elections and coordinators
 * of a process that have the same timing put their renewals and heartbeats into the same commits.
 *
 * @param kv The handle.
 * @param options Clock, chance and timing.
 * @returns The shared parts.
 */
export function sharedStore(kv: Deno.Kv, options: SharedStoreOptions): SharedStore {
  const { clock, random, attemptTimeoutMs } = options;
  const byClock = getOrAdd(byHandle, kv, () => new Map<Clock, Shared>());
  const { store, pulses } = getOrAdd(byClock, clock, () => ({
    store: new KvStore(kv, { clock, random }),
    pulses: new Map<number, Pulse>(),
  }));
  return { store, pulse: getOrAdd(pulses, attemptTimeoutMs, () => new Pulse(store, random)) };
}

function getOrAdd<K, V>(
  map: { get(key: K): V | undefined; set(key: K, value: V): unknown },
  key: K,
  make: () => V,
): V {
  let value = map.get(key);
  if (value === undefined) map.set(key, value = make());
  return value;
}
