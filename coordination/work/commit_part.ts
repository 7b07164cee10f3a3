import type { KvSum, KvWrite, WriteBatch } from "../write_batch.ts";

/** One transition of one item: what may share a commit with others. */
export interface CommitPart extends WriteBatch {
  /** Where to look for its nonce when the answer is lost. */
  readonly witness: { readonly key: Deno.KvKey; readonly nonce: string };
  /** About how many bytes it writes. */
  readonly bytes: number;
}

/** What one commit may hold. */
export interface CommitRoom {
  /** How many checks. */
  readonly checks: number;
  /** How many bytes, about. */
  readonly bytes: number;
}

/**
 * Finds out how many of the parts fit one commit. Checks that they share count once. Two parts that
 * write the same record never go together: one of them must be refused.
 *
 * @param parts The parts in order.
 * @param room What fits.
 * @returns How many from the first on; at least one.
 */
export function countFitting(parts: readonly CommitPart[], room: CommitRoom): number {
  const checks = new Set<string>();
  const records = new Set<string>();
  let bytes = 0;
  for (const [index, part] of parts.entries()) {
    const record = keyText(part.witness.key);
    if (records.has(record)) return index;
    records.add(record);
    for (const check of part.checks) checks.add(checkText(check));
    bytes += part.bytes;
    if (index > 0 && (checks.size > room.checks || bytes > room.bytes)) return index;
  }
  return parts.length;
}

/**
 * Puts parts into one batch. What several of them check or write is checked or written once, what
 * they add to a counter is added up.
 *
 * @param parts At least one part.
 * @returns The batch; its witness is that of the first part.
 */
export function mergeParts(parts: readonly CommitPart[]): WriteBatch {
  const checks = new Map<string, Deno.AtomicCheck>();
  const sets = new Map<string, KvWrite>();
  const deletes = new Map<string, Deno.KvKey>();
  const sums = new Map<string, KvSum>();
  for (const part of parts) {
    for (const check of part.checks) checks.set(checkText(check), check);
    for (const write of part.sets) sets.set(keyText(write.key), write);
    for (const key of part.deletes ?? []) deletes.set(keyText(key), key);
    for (const { key, amount } of part.sums ?? []) {
      const sum = sums.get(keyText(key))?.amount ?? 0n;
      sums.set(keyText(key), { key, amount: sum + amount });
    }
  }
  return {
    checks: [...checks.values()],
    sets: [...sets.values()],
    deletes: [...deletes.values()],
    sums: [...sums.values()].filter(({ amount }) => amount !== 0n),
    witness: parts[0]!.witness,
  };
}

/** @returns A text that two keys share only if they are the same. */
export function keyText(key: Deno.KvKey): string {
  return JSON.stringify(key.map((part) => typeof part === "bigint" ? `${part}n` : part));
}

function checkText({ key, versionstamp }: Deno.AtomicCheck): string {
  return `${keyText(key)}@${versionstamp}`;
}
