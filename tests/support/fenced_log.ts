import assert from "node:assert/strict";
import { openKv } from "@baton/orchestration/coordination";

/** One record that a leader wrote under its fence. */
export interface FencedWrite {
  readonly term: number;
  readonly holder: string;
}

/** @returns What the leaders of a store wrote, in the order in which it committed. */
export async function fencedWrites(storePath: string): Promise<FencedWrite[]> {
  using kv = await openKv(storePath);
  const entries = await Array.fromAsync(kv.list<string>({ prefix: ["log"] }));
  return entries
    .sort((a, b) => a.versionstamp < b.versionstamp ? -1 : 1)
    .map(({ key, value }) => ({ term: key[1] as number, holder: value }));
}

/**
 * Fails when a write of an earlier term committed after one of a later, or when two holders wrote in
 * one term.
 */
export function assertWritesAreOrdered(writes: readonly FencedWrite[]): void {
  const holders = new Map<number, string>();
  let last = 0;
  for (const { term, holder } of writes) {
    assert.ok(term >= last, `a write of term ${term} committed after one of term ${last}`);
    const first = holders.get(term) ?? holder;
    assert.equal(holder, first, `${first} and ${holder} both wrote in term ${term}`);
    holders.set(term, holder);
    last = term;
  }
  assert.ok(last > 0, "nobody wrote anything");
}
