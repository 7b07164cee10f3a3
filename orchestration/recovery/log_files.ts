/** Files as a log needs them. Every method rejects with what the system says when it cannot be done. */
export interface LogFiles {
  /**
   * Looks whether a folder may be read and written. Never prompts.
   *
   * @param folder The folder.
   * @returns Null when it may, else which permission is missing, with the flag that grants it.
   */
  missingPermission(folder: string): Promise<string | null>;

  /**
   * Makes a folder and those above it, unless they are there.
   *
   * @param folder The folder.
   */
  makeFolder(folder: string): Promise<void>;

  /**
   * Lists what is in a folder.
   *
   * @param folder The folder.
   * @returns The names; of everything, as a name is taken by whatever has it.
   */
  list(folder: string): Promise<readonly LogFileName[]>;

  /**
   * Opens a file to append to, and makes it when it is not there.
   *
   * @param path The file.
   * @returns The open file.
   */
  open(path: string): Promise<LogFile>;

  /**
   * Gives a file another name. Called under a lock, for a name that is free.
   *
   * @param from Its path.
   * @param to Its path from now on.
   */
  rename(from: string, to: string): Promise<void>;

  /**
   * Removes a file; that it is gone already is no fault.
   *
   * @param path The file.
   */
  remove(path: string): Promise<void>;

  /**
   * Takes a lock that one holder has at a time, over all processes. It ends with its holder.
   *
   * @param path A file for the lock alone; made when it is not there.
   * @returns The lock, to let go of; null when somebody has it. Never waits for them.
   */
  lock(path: string): Promise<Disposable | null>;
}

/** A name in a folder. */
export interface LogFileName {
  /** The name, without folder. */
  readonly name: string;
  /** Whether it is a plain file: no folder, no link. */
  readonly isFile: boolean;
}

/** A file that is open to append to. */
export interface LogFile extends Disposable {
  /**
   * Looks at what is in it.
   *
   * @returns What it found.
   */
  look(): Promise<LogFileLook>;

  /**
   * Appends in one go: what other processes append stands before or after it, never within.
   *
   * @param bytes What to append.
   * @returns How many bytes of it were appended; fewer than all when the disk is full.
   */
  append(bytes: Uint8Array<ArrayBuffer>): Promise<number>;
}

/** What is in a file. */
export interface LogFileLook {
  /** Its first characters, 200 at most; "" when it is empty. */
  readonly start: string;
  /** Whether its last line has no end, and nobody is about to write it. */
  readonly isCutOff: boolean;
  /** When it was last written to, in ms since the epoch. */
  readonly modifiedMs: number;
}
