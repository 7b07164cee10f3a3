import type { LogFile, LogFiles } from "../../../orchestration/recovery/log_files.ts";

interface Inode {
  text: string;
  modifiedMs: number;
}

/** Files in memory, as a log needs them. An open file follows a rename, as on a disk. */
export class MemoryLogFiles implements LogFiles {
  readonly inodes: Map<string, Inode> = new Map();
  readonly folders: Set<string> = new Set();
  readonly notPlain: Set<string> = new Set();
  readonly locked: Set<string> = new Set();
  missing: string | null = null;
  /** Bytes that the disk still takes. */
  spaceLeft = Infinity;
  /** What the next calls of a method throw. */
  readonly faults: Partial<Record<"open" | "rename" | "remove" | "list", Error>> = {};
  /** Called before a lock is given. */
  beforeLock: () => void = () => {};
  openNow = 0;
  appends = 0;

  put(path: string, text: string, modifiedMs = 0): void {
    this.inodes.set(path, { text, modifiedMs });
  }

  text(path: string): string | undefined {
    return this.inodes.get(path)?.text;
  }

  missingPermission(): Promise<string | null> {
    return Promise.resolve(this.missing);
  }

  makeFolder(folder: string): Promise<void> {
    this.folders.add(folder);
    return Promise.resolve();
  }

  // deno-lint-ignore require-await
  async list(folder: string): Promise<{ name: string; isFile: boolean }[]> {
    if (this.faults.list) throw this.faults.list;
    const prefix = folder === "." ? "" : `${folder}/`;
    const isFile = (path: string) => !this.notPlain.has(path);
    return [...this.inodes.keys()].filter((path) => path.startsWith(prefix))
      .map((path) => ({ name: path.slice(prefix.length), isFile: isFile(path) }));
  }

  // deno-lint-ignore require-await
  async open(path: string): Promise<LogFile> {
    if (this.faults.open) throw this.faults.open;
    if (!this.inodes.has(path)) this.put(path, "");
    this.openNow++;
    return this.#fileOf(this.inodes.get(path)!);
  }

  // deno-lint-ignore require-await
  async rename(from: string, to: string): Promise<void> {
    if (this.faults.rename) throw this.faults.rename;
    this.inodes.set(to, this.inodes.get(from)!);
    this.inodes.delete(from);
  }

  // deno-lint-ignore require-await
  async remove(path: string): Promise<void> {
    if (this.faults.remove) throw this.faults.remove;
    this.inodes.delete(path);
  }

  lock(path: string): Promise<Disposable | null> {
    this.beforeLock();
    if (this.locked.has(path)) return Promise.resolve(null);
    this.locked.add(path);
    return Promise.resolve({ [Symbol.dispose]: () => void this.locked.delete(path) });
  }

  #fileOf(inode: Inode): LogFile {
    return {
      look: () =>
        Promise.resolve({
          start: inode.text.slice(0, 200),
          isCutOff: inode.text !== "" && !inode.text.endsWith("\n"),
          modifiedMs: inode.modifiedMs,
        }),
      append: (bytes) => {
        const taken = bytes.subarray(0, this.spaceLeft);
        this.spaceLeft -= taken.length;
        inode.text += new TextDecoder().decode(taken);
        this.appends++;
        return Promise.resolve(taken.length);
      },
      [Symbol.dispose]: () => void this.openNow--,
    };
  }
}
