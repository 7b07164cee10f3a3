/** Which file a path named: another one in its place has another identity. */
export interface FileIdentity {
  readonly device: number;
  readonly inode: number | null;
}

/** @returns The identity of the file at a path; null when there is none. */
export async function fileIdentity(path: string): Promise<FileIdentity | null> {
  try {
    const { dev, ino } = await Deno.stat(path);
    return { device: dev, inode: ino };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/** What {@link storeLoss} goes by. */
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
export function storeLoss(signs: StoreSigns): string | null {
  const { openedFile, presentFile } = signs;
  if (openedFile !== null) {
    if (presentFile === null) return "its file was deleted";
    const same = openedFile.device === presentFile.device && openedFile.inode === presentFile.inode;
    if (!same) return "another file took its place";
  }
  return signs.silentMs > signs.silentMaxMs
    ? `it has taken no heartbeat for ${Math.round(signs.silentMs / 1_000)} s`
    : null;
}
