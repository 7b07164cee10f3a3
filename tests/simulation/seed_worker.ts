/// <reference lib="deno.worker" />
import { runSeeds, type SeedRange } from "./run_seeds.ts";

Error.stackTraceLimit = 0; // half of the time went into stacks that nobody reads

self.onmessage = async ({ data }: MessageEvent<SeedRange>) => {
  self.postMessage(await runSeeds(data));
};
