import { openKv } from "@baton/orchestration/coordination";

const ATTEMPTS = 10;
const LOCKED_MAX_MS = 250;
const PAUSE_MS = 15;

/** A process that can be sent signals. */
export interface Freezable {
  readonly kill: (signal: Deno.Signal) => void;
}

/**
 * Stops a process, but not in the middle of a commit to a local file: it would keep the file locked
 * for everybody until it goes on.
 *
 * @returns How often it was met in a commit, and was let go on before it was stopped again.
 */
export async function freeze(process: Freezable, storePath: string): Promise<number> {
  using kv = await openKv(storePath);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    process.kill("SIGSTOP");
    if (await isWritable(kv)) return attempt;
    process.kill("SIGCONT");
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  throw new Error("The process was in a commit each time");
}

async function isWritable(kv: Deno.Kv): Promise<boolean> {
  const deadline = performance.now() + LOCKED_MAX_MS;
  while (performance.now() < deadline) {
    try {
      await kv.set(["probe"], 1);
      return true;
    } catch (error) {
      if (!String(error).includes("database is locked")) throw error;
    }
  }
  return false;
}
