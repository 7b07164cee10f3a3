import type { Clock } from "../clock.ts";
import { CliError } from "./cli_error.ts";
import { ExitCode } from "./exit_codes.ts";
import type { StoreTarget } from "./store_target.ts";

/** Which file a path named: another one in its place has another identity. */
export interface FileIdentity {
  readonly device: number;
  readonly inode: number | null;
  /** Of the write-ahead log beside it, where the newest commits are; null when there is none. */
  readonly logInode: number | null;
}

/** @returns The identity of the file at a path; null when there is none. */
export async function fileIdentity(path: string): Promise<FileIdentity | null> {
  try {
    const { dev, ino } = await Deno.stat(path);
    return { device: dev, inode: ino, logInode: await inodeOf(`${path}-wal`) };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/** @returns The identity of a store's file; null for a server, or when there is none. */
export function storeIdentity(store: StoreTarget): Promise<FileIdentity | null> {
  return store.kind === "file" ? fileIdentity(store.path) : Promise.resolve(null);
}

async function inodeOf(path: string): Promise<number | null> {
  try {
    return (await Deno.stat(path)).ino;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/** What {@link judgeStore} goes by. */
export interface StoreSigns {
  /** The file that was opened; null for a server. */
  readonly openedFile: FileIdentity | null;
  /** The file that is there now; null when there is none. */
  readonly presentFile: FileIdentity | null;
  /** How long no heartbeat has been committed, in ms. */
  readonly silentMs: number;
  /** For how long that may be, in ms. */
  readonly silentMaxMs: number;
}

/**
 * Says whether a store is lost for good. A deleted file stays usable to whoever has it open, while
 * everybody else makes a new one: a cluster of its own.
 *
 * @param signs What is known.
 * @returns Why it is lost; null while it is not.
 */
export function judgeStore(signs: StoreSigns): string | null {
  const { openedFile, presentFile } = signs;
  if (openedFile !== null) {
    if (presentFile === null) return "its file was deleted";
    const same = openedFile.device === presentFile.device && openedFile.inode === presentFile.inode;
    if (!same) return "another file took its place";
    const isLogGone = openedFile.logInode !== null && openedFile.logInode !== presentFile.logInode;
    if (isLogGone) return "its -wal file, which holds the newest commits, was deleted";
  }
  return signs.silentMs > signs.silentMaxMs
    ? `it has taken no heartbeat for ${Math.round(signs.silentMs / 1_000)} s`
    : null;
}

/** Options of {@link untilStoreLost}. */
export interface StoreLossOptions {
  /** The path or URL, for the message. */
  readonly location: string;
  /** The file that was opened, looked at right after that; null for a server. */
  readonly openedFile: FileIdentity | null;
  /** @returns The identity of the store's file now; null for a server or when there is none. */
  readonly identify: () => Promise<FileIdentity | null>;
  /**
   * @returns How many heartbeats have been committed.
   * @default none are counted
   */
  readonly heartbeats?: () => number;
  /** How often to look, in ms. */
  readonly intervalMs: number;
  /**
   * How long the store may take no heartbeat, in ms.
   *
   * @default for ever
   */
  readonly silentMaxMs?: number;
  /** What to do about a store that is lost. */
  readonly hint: string;
  /** Ends the watch. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
}

/**
 * Watches a store that a node works on.
 *
 * @param options What to look at.
 * @returns The error when it is lost for good; null when the signal aborted first.
 */
export async function untilStoreLost(options: StoreLossOptions): Promise<CliError | null> {
  const { clock, signal, heartbeats: countBeats = () => 0, silentMaxMs = Infinity } = options;
  const { openedFile, location, hint } = options;
  let heartbeats = countBeats();
  let sinceMs = clock.monotonic();
  while (!signal.aborted) {
    try {
      await clock.sleep(options.intervalMs, { signal });
    } catch (error) {
      if (signal.aborted) return null;
      throw error;
    }
    if (countBeats() !== heartbeats) sinceMs = clock.monotonic();
    heartbeats = countBeats();
    let presentFile: FileIdentity | null;
    try {
      presentFile = await options.identify();
    } catch (cause) {
      return storeLost(location, { reason: `its file cannot be seen (${cause})`, hint, cause });
    }
    const silentMs = clock.monotonic() - sinceMs;
    const reason = judgeStore({ openedFile, presentFile, silentMs, silentMaxMs });
    if (reason !== null) return storeLost(location, { reason, hint });
  }
  return null;
}

function storeLost(
  location: string,
  { reason, hint, cause }: {
    readonly reason: string;
    readonly hint: string;
    readonly cause?: unknown;
  },
): CliError {
  return new CliError(`Lost the store at ${location}: ${reason}`, {
    code: "STORE_LOST",
    exitCode: ExitCode.STORE,
    hint,
    passing: true,
    cause,
  });
}
