import { missingPermission } from "../../config/availability/probes/missing_permission.ts";
import type { LogFile, LogFileLook, LogFileName, LogFiles } from "./log_files.ts";

const START_BYTES = 200;
const LINE_END = 10;

/** The files of this machine. Needs the read and write permissions for the folder of the log. */
export const systemLogFiles: LogFiles = {
  async missingPermission(folder: string): Promise<string | null> {
    const missing = await Promise.all([
      missingPermission({ name: "read", path: folder }),
      missingPermission({ name: "write", path: folder }),
    ]);
    return missing.filter((each) => each !== null).join(", ") || null;
  },

  async makeFolder(folder: string): Promise<void> {
    await Deno.mkdir(folder, { recursive: true });
  },

  async list(folder: string): Promise<readonly LogFileName[]> {
    const names: LogFileName[] = [];
    for await (const { name, isFile } of Deno.readDir(folder)) names.push({ name, isFile });
    return names;
  },

  async open(path: string): Promise<LogFile> {
    return logFileOf(await Deno.open(path, { append: true, create: true, read: true }));
  },

  async rename(from: string, to: string): Promise<void> {
    await Deno.rename(from, to);
  },

  async remove(path: string): Promise<void> {
    try {
      await Deno.remove(path);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  },

  async lock(path: string): Promise<Disposable | null> {
    const file = await Deno.open(path, { write: true, create: true });
    try {
      if (await file.tryLock(true)) return file;
    } catch (error) {
      file.close();
      throw error;
    }
    file.close();
    return null;
  },
};

function logFileOf(file: Deno.FsFile): LogFile {
  return {
    look: () => look(file),
    append: (bytes) => file.write(bytes),
    [Symbol.dispose]: () => file.close(),
  };
}

async function look(file: Deno.FsFile): Promise<LogFileLook> {
  const { mtime } = await file.stat();
  return {
    start: new TextDecoder().decode(await readAt(file, 0, START_BYTES)),
    // Twice, as what another process writes just now may be seen in part.
    isCutOff: await endsWithinLine(file) && await endsWithinLine(file),
    modifiedMs: mtime?.getTime() ?? 0,
  };
}

async function endsWithinLine(file: Deno.FsFile): Promise<boolean> {
  const { size } = await file.stat();
  return size > 0 && (await readAt(file, size - 1, 1))[0] !== LINE_END;
}

async function readAt(file: Deno.FsFile, offset: number, max: number): Promise<Uint8Array> {
  await file.seek(offset, Deno.SeekMode.Start);
  const bytes = new Uint8Array(max);
  return bytes.subarray(0, await file.read(bytes) ?? 0);
}
