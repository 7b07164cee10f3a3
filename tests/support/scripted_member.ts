import type { PulseContribution, PulseMember } from "../../coordination/pulse_member.ts";
import type { Moment } from "../../coordination/lease_validity.ts";

/** What became of a member's contributions, in order. */
export type MemberEvent =
  | { readonly kind: "committed"; readonly sentAt: Moment; readonly versionstamp: string }
  | { readonly kind: "refused"; readonly keys: readonly Deno.KvKey[] }
  | { readonly kind: "unknown"; readonly error: unknown };

/** Options of {@link ScriptedMember}. */
export interface ScriptedMemberOptions {
  readonly intervalMs?: number;
  readonly timeoutMs?: number;
  readonly usefulForMs?: number;
  readonly checkCount?: number;
  /** What it does when it is refused; default: take the store's word and try again. */
  readonly onRefused?: "retry" | "drop";
  /** What it needs before it can contribute. */
  readonly prepare?: () => Promise<void>;
  /** Sits out when it answers true. */
  readonly sitsOut?: () => boolean;
}

/** A member of a pulse that counts at a key of its own and writes down what happens to it. */
export class ScriptedMember implements PulseMember {
  readonly events: MemberEvent[] = [];
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly usefulForMs: number;
  readonly checkCount: number;
  prepared = 0;
  contributed = 0;
  stamp: string | null = null;
  readonly #options: ScriptedMemberOptions;

  constructor(readonly key: Deno.KvKey, options: ScriptedMemberOptions = {}) {
    this.intervalMs = options.intervalMs ?? 1_000;
    this.timeoutMs = options.timeoutMs ?? 200;
    this.usefulForMs = options.usefulForMs ?? Infinity;
    this.checkCount = options.checkCount ?? 1;
    this.#options = options;
  }

  /** How often each thing happened. */
  get counts(): Record<MemberEvent["kind"], number> {
    const counts = { committed: 0, refused: 0, unknown: 0 };
    for (const { kind } of this.events) counts[kind]++;
    return counts;
  }

  async prepare(): Promise<void> {
    this.prepared++;
    await this.#options.prepare?.();
  }

  contribute(nonce: string): PulseContribution | null {
    if (this.#options.sitsOut?.()) return null;
    this.contributed++;
    return {
      checks: [{ key: this.key, versionstamp: this.stamp }, ...this.#moreChecks()],
      sets: [{ key: this.key, value: { nonce, count: this.contributed } }],
      witness: this.key,
    };
  }

  committed(sentAt: Moment, versionstamp: string): void {
    this.stamp = versionstamp;
    this.events.push({ kind: "committed", sentAt, versionstamp });
  }

  refused(current: readonly Deno.KvEntryMaybe<unknown>[]): "retry" | "drop" {
    this.events.push({ kind: "refused", keys: current.map(({ key }) => key) });
    const { onRefused = "retry" } = this.#options;
    if (onRefused === "retry") this.stamp = current[0]!.versionstamp;
    return onRefused;
  }

  unknown(error: unknown): void {
    this.events.push({ kind: "unknown", error });
  }

  /** Of keys below its own, which stay absent. */
  #moreChecks(): Deno.AtomicCheck[] {
    return Array.from({ length: this.checkCount - 1 }, (_, i) => (
      { key: [...this.key, i], versionstamp: null }
    ));
  }
}
