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
    const written = write(kv);
    const isWritable = await Promise.race([written.then(() => true), elapsed(LOCKED_MAX_MS)]);
    if (isWritable) return attempt;
    process.kill("SIGCONT");
    await written; // the store waits for the lock, and cannot be told to stop
    await elapsed(PAUSE_MS);
  }
  throw new Error("The process was in a commit each time");
}

/** Writes once nobody else does: a locked file refuses at once, or makes wait. */
async function write(kv: Deno.Kv): Promise<void> {
  for (;;) {
    try {
      await kv.set(["probe"], 1);
      return;
    } catch (error) {
      if (!String(error).includes("database is locked")) throw error;
      await elapsed(PAUSE_MS);
    }
  }
}

function elapsed(ms: number): Promise<false> {
  return new Promise((resolve) => setTimeout(() => resolve(false), ms));
}
