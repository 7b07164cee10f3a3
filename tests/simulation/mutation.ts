import type { Edit, Mutant } from "./mutants.ts";
import type { SeedReport } from "./run_seeds.ts";

const ROOT = new URL("../../", import.meta.url);
const COPIED = [
  "clock.ts",
  "deno.json",
  "deno.lock",
  "config",
  "enums",
  "health",
  "coordination",
  "orchestration",
  "testing",
];

/** Longer schedules have room for what takes several terms. */
const STRETCH = 2;

/** The seeds whose nodes do what a guard is about; see the workloads in `cluster_program.ts`. */
const SEEDS = {
  anything: { first: 1, stride: 1 },
  clocks: { first: 3, stride: 4 },
  work: { first: 1, stride: 4 },
  claims: { first: 7, stride: 8 },
  ballots: { first: 2, stride: 4 },
  recovery: { first: 1, stride: 1 },
} as const;

/** What the simulator says of a mutant. */
export interface MutantReport {
  /** How many schedules it took to break a promise; null when none did. */
  readonly foundAfter: number | null;
  /** The promise. */
  readonly message: string | null;
}

/** Copies what the simulator runs to a folder. */
export async function copySources(folder: string): Promise<void> {
  for (const name of COPIED) await copy(new URL(name, ROOT), `${folder}/${name}`);
  await Deno.mkdir(`${folder}/tests`);
  await copy(new URL("tests/simulation", ROOT), `${folder}/tests/simulation`);
}

/**
 * Runs the simulator on a copy of the code in which one guard is off.
 *
 * @param folder A folder with a copy of the sources; the guard is put back afterwards.
 * @param mutant The guard, or two that do the same work.
 * @param schedules How many to run at most.
 */
export async function runMutant(
  folder: string,
  mutant: Mutant,
  schedules: number,
): Promise<MutantReport> {
  const { first, stride } = SEEDS[mutant.about];
  const edits = [mutant, ...(mutant.and ? [mutant.and] : [])];
  try {
    for (const edit of edits) await apply(folder, edit);
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "--no-check",
        "--no-prompt",
        `--allow-read=${folder}`,
        "--allow-env",
        `${folder}/tests/simulation/find_violation.ts`,
        String(first),
        String(schedules),
        String(STRETCH),
        String(stride),
        mutant.about === "recovery" ? "recovery" : "coordination",
      ],
      env: { NO_COLOR: "1" },
      stdin: "null",
    }).output();
    const text = new TextDecoder();
    if (code !== 0) return { foundAfter: 0, message: text.decode(stderr) };
    const report = JSON.parse(text.decode(stdout)) as SeedReport;
    const [found] = report.violations;
    return found
      ? { foundAfter: report.schedules, message: found.message }
      : { foundAfter: null, message: null };
  } finally {
    for (const { file } of edits) await Deno.copyFile(new URL(file, ROOT), `${folder}/${file}`);
  }
}

async function apply(folder: string, { file, find, replace }: Edit): Promise<void> {
  const path = `${folder}/${file}`;
  const whole = await Deno.readTextFile(path);
  if (whole.split(find).length !== 2) {
    throw new Error(`${file} must have this exactly once: ${find}`);
  }
  await Deno.writeTextFile(path, whole.replace(find, () => replace));
}

async function copy(from: URL, to: string): Promise<void> {
  if (!(await Deno.stat(from)).isDirectory) return await Deno.copyFile(from, to);
  await Deno.mkdir(to);
  for await (const { name } of Deno.readDir(from)) {
    await copy(new URL(name, `${from}/`), `${to}/${name}`);
  }
}
