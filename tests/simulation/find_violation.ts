/** Runs seeds until one breaks a promise, and prints the report as JSON: for mutants of the code. */
import { runSeeds } from "./run_seeds.ts";

Error.stackTraceLimit = 0; // half of the time went into stacks that nobody reads
const [from = "1", count = "1000", stretch = "1", stride = "1", about = "coordination"] = Deno.args;
const report = await runSeeds({
  from: Number(from),
  count: Number(count),
  stride: Number(stride),
  stretch: Number(stretch),
  recovery: about === "recovery",
  stopAtFirst: true,
});
await Deno.stdout.write(new TextEncoder().encode(JSON.stringify(report)));
