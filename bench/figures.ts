/** Durations of one thing measured many times, in ms. */
export class Figures {
  readonly #sorted: readonly number[];

  constructor(samplesMs: readonly number[]) {
    this.#sorted = samplesMs.toSorted((a, b) => a - b);
  }

  get count(): number {
    return this.#sorted.length;
  }

  get meanMs(): number {
    return this.#sorted.reduce((sum, ms) => sum + ms, 0) / this.count;
  }

  percentileMs(share: number): number {
    return this.#sorted[Math.min(this.count - 1, Math.floor(share * this.count))]!;
  }
}

/** Runs something over and over and measures each time. */
export async function measure(times: number, run: (i: number) => Promise<void>): Promise<Figures> {
  const samples: number[] = [];
  for (let i = 0; i < times; i++) {
    const start = performance.now();
    await run(i);
    samples.push(performance.now() - start);
  }
  return new Figures(samples);
}

/** Runs several things in turn, so that a noisy moment of the machine falls on all of them. */
export async function measureSideBySide(
  times: number,
  runs: readonly ((i: number) => Promise<void>)[],
): Promise<Figures[]> {
  const samples: number[][] = runs.map(() => []);
  for (let i = 0; i < times; i++) {
    for (const [which, run] of runs.entries()) {
      const start = performance.now();
      await run(i);
      samples[which]!.push(performance.now() - start);
    }
  }
  return samples.map((each) => new Figures(each));
}

/** How many a second, when each measured time is that of `each` of them. */
export function perSecond(figures: Figures, each = 1): string {
  return Math.round(each * 1_000 / figures.meanMs).toLocaleString("en");
}

export function ms(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 1 ? value.toFixed(2) : value.toFixed(3);
}

/** One Markdown table. */
export function table(title: string, head: readonly string[], rows: readonly string[][]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [
    `### ${title}`,
    "",
    line(head),
    line(head.map(() => "---")),
    ...rows.map(line),
    "",
  ].join("\n");
}
