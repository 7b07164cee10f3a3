/// <reference lib="deno.worker" />
import { runSeeds, type SeedRange, type SeedReport } from "./run_seeds.ts";

/** What a worker came to: an error says in its text which seed could not be run. */
export type SeedAnswer = { readonly report: SeedReport } | { readonly error: string };

Error.stackTraceLimit = 0; // half of the time went into stacks that nobody reads

self.onmessage = async ({ data }: MessageEvent<SeedRange>) => {
  const answer: SeedAnswer = await runSeeds(data).then(
    (report) => ({ report }),
    (error) => ({ error: String(error) }),
  );
  self.postMessage(answer);
};
