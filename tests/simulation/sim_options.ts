import { Command, InvalidArgumentError, Option } from "commander";

/** What `deno task sim` was asked for. */
export interface SimOptions {
  readonly schedules: number;
  readonly from: number;
  readonly stretch: number;
  readonly workers: number;
  /** One seed to replay. */
  readonly seed?: number;
  /** A file with one schedule to replay. */
  readonly schedule?: string;
  readonly trace?: boolean;
  /** Whether it is about recovery, not about coordination. */
  readonly recovery?: boolean;
}

const SEED_MAX = 2 ** 52;
const SCHEDULES_MAX = 1e9;
const STRETCH_MAX = 100;
const WORKERS_MAX = 256;

/** Makes the command line, which ends the process when it is misused. */
export function simCommand(workersDefault: number): Command {
  const one = ["schedules", "from", "workers"];
  return new Command("deno task sim")
    .description("Runs simulated clusters under random faults and checks every promise.")
    .option("--schedules <n>", "how many schedules to run", wholeNumber(1, SCHEDULES_MAX), 10_000)
    .option("--from <seed>", "the first seed", wholeNumber(0, SEED_MAX), 1)
    .option("--workers <n>", "threads", wholeNumber(1, WORKERS_MAX), workersDefault)
    .option(
      "--stretch <n>",
      "how many times as long as usual each schedule is",
      wholeNumber(1, STRETCH_MAX),
      1,
    )
    .option("--recovery", "run schedules of recovery, not of coordination")
    .addOption(
      new Option("--seed <seed>", "replay this one schedule").argParser(wholeNumber(0, SEED_MAX))
        .conflicts([...one, "schedule"]),
    )
    .addOption(
      new Option("--schedule <file>", "replay the schedule in this file of JSON, below this folder")
        .conflicts([...one, "seed", "stretch"]),
    )
    .option(
      "--trace",
      "with --seed or --schedule: draw what happened as an HTML page, and shrink what is broken",
    )
    .configureOutput({ getOutHasColors: () => false, getErrHasColors: () => false });
}

/**
 * Reads the command line.
 *
 * @param args What was given, with or without the `--` that some shells need in front.
 * @param command What reads it.
 */
export function parseSimOptions(args: readonly string[], command: Command): SimOptions {
  const given = args[0] === "--" ? args.slice(1) : args;
  const options = command.parse(given, { from: "user" }).opts<SimOptions>();
  if (options.trace && options.seed === undefined && options.schedule === undefined) {
    command.error("error: option '--trace' needs '--seed <seed>' or '--schedule <file>'");
  }
  return options;
}

function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : NaN;
    if (value >= min && value <= max) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
  };
}
