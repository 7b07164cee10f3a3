import type { PulseContribution, PulseMember } from "./pulse_member.ts";
import type { WriteBatch } from "./write_batch.ts";

/** A member and what it writes this time. */
export interface Sent {
  /** Who writes. */
  readonly member: PulseMember;
  /** What it writes. */
  readonly contribution: PulseContribution;
}

/** @returns All contributions as one atomic operation; the first one's witness stands for all. */
export function composeBatch(sent: readonly Sent[], nonce: string): WriteBatch {
  return {
    checks: distinctChecks(sent),
    sets: sent.flatMap(({ contribution }) => contribution.sets),
    deletes: sent.flatMap(({ contribution }) => contribution.deletes ?? []),
    witness: { key: sent[0]!.contribution.witness, nonce },
  };
}

/** @returns How many checks the contributions of these members have at most. */
export function checkCountOf(members: readonly PulseMember[]): number {
  return members.reduce((count, member) => count + member.checkCount, 0);
}

/** @returns The members in batches, in order, none with more checks than the store takes. */
export function splitByChecks(members: readonly PulseMember[], maxChecks: number): PulseMember[][] {
  const batches: PulseMember[][] = [];
  for (const member of members) {
    const last = batches.at(-1);
    if (last && checkCountOf([...last, member]) <= maxChecks) last.push(member);
    else batches.push([member]);
  }
  return batches;
}

/**
 * Two members may check one key: a term's lease and its decision. If they expect different values,
 * both checks go in, and the store refuses the one that is out of date.
 *
 * @returns The checks of all contributions, each once.
 */
export function distinctChecks(sent: readonly Sent[]): Deno.AtomicCheck[] {
  const checks = sent.flatMap(({ contribution }) => contribution.checks);
  const id = ({ key, versionstamp }: Deno.AtomicCheck) => `${keyId(key)}@${versionstamp}`;
  return [...new Map(checks.map((check) => [id(check), check])).values()];
}

/** @returns The shortest of their deadlines, and no longer than the answer is of use to any of them. */
export function batchTimeout(members: readonly PulseMember[]): number {
  const shortestMs = Math.min(...members.map(({ timeoutMs }) => timeoutMs));
  const usefulMs = Math.max(...members.map(({ usefulForMs = Infinity }) => usefulForMs));
  return Math.max(1, Math.min(shortestMs, usefulMs));
}

/** @returns A text that is the same for equal keys and only for those. */
export function keyId(key: Deno.KvKey): string {
  let id = "";
  for (const part of key) {
    const text = String(part);
    id += `${typeof part}${text.length}:${text}`;
  }
  return id;
}
