/** What was in the store at a moment, by the order of its versionstamps. */
interface Mark {
  readonly versionstamp: string;
  readonly atMs: number;
}

/** What was in the store at some time, and for how long at least it has stood since. */
export interface MarkAge {
  /** What has a lower versionstamp, or this one, stood there as well. */
  readonly versionstamp: string;
  /** For how long, in ms. */
  readonly ageMs: number;
}

/** How finely the time of retention is told apart. */
const MARKS_PER_RETENTION = 16;

/**
 * Knows of everything that it was shown for how long at least it has stood, by a local monotonic
 * clock, without remembering each: versionstamps grow, so what has a lower one than something that
 * was seen at a moment stood there at that moment as well.
 */
export class RetentionMarks {
  readonly #retainMs: number;
  #marks: readonly Mark[] = [];

  /** @param retainMs How long things are to be kept after they were first seen, in ms. */
  constructor(retainMs: number) {
    this.#retainMs = retainMs;
  }

  /** How often it is worth looking, in ms. */
  get stepMs(): number {
    return this.#retainMs / MARKS_PER_RETENTION;
  }

  /**
   * Takes note of what stands there now.
   *
   * @param versionstamps Of what was seen.
   * @param nowMs The moment, in monotonic ms.
   */
  note(versionstamps: readonly string[], nowMs: number): void {
    const latest = versionstamps.reduce((a, b) => a > b ? a : b, "");
    const last = this.#marks.at(-1);
    if (latest <= (last?.versionstamp ?? "")) return;
    const isTooSoon = last !== undefined && nowMs - last.atMs < this.stepMs;
    if (isTooSoon) return;
    this.#marks = [...this.#marks, { versionstamp: latest, atMs: nowMs }];
  }

  /** Forgets everything: what was seen does not stand any more. */
  forget(): void {
    this.#marks = [];
  }

  /**
   * Says what has stood for long enough, and forgets what it needs no more.
   *
   * @param nowMs The moment, in monotonic ms.
   * @returns The highest versionstamp that has; the empty text when none has.
   */
  horizon(nowMs: number): string {
    const past = this.#marks.filter(({ atMs }) => nowMs - atMs >= this.#retainMs);
    const latest = past.at(-1);
    if (latest) this.#marks = this.#marks.slice(past.length - 1);
    return latest?.versionstamp ?? "";
  }

  /**
   * Tells what it knows in a form that means the same to another process.
   *
   * @param nowMs The moment, in monotonic ms.
   * @returns For how long each mark has stood, in whole ms, up to the time of retention.
   */
  ages(nowMs: number): MarkAge[] {
    return this.#marks.map(({ versionstamp, atMs }) => ({
      versionstamp,
      ageMs: Math.floor(Math.min(nowMs - atMs, this.#retainMs)),
    }));
  }

  /**
   * Adds what another process knew.
   *
   * @param ages What it told, at `nowMs` or before.
   * @param nowMs The moment, in monotonic ms.
   */
  learn(ages: readonly MarkAge[], nowMs: number): void {
    const learnt = ages.map(({ versionstamp, ageMs }) => ({ versionstamp, atMs: nowMs - ageMs }));
    const oldestFirst = [...this.#marks, ...learnt]
      .sort((a, b) => a.atMs - b.atMs || (a.versionstamp < b.versionstamp ? 1 : -1));
    const kept: Mark[] = [];
    for (const mark of oldestFirst) {
      const last = kept.at(-1);
      const isNew = !last ||
        (mark.versionstamp > last.versionstamp && mark.atMs - last.atMs >= this.stepMs);
      if (isNew) kept.push(mark);
    }
    this.#marks = kept;
  }
}
