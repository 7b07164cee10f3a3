import type { Clock } from "../clock.ts";
import { untilUnlocked } from "../coordination/busy_retry.ts";
import { openKv, type OpenKvOptions } from "../coordination/open_kv.ts";
import { CliError } from "./cli_error.ts";
import type { CliIo } from "./cli_io.ts";
import { ExitCode } from "./exit_codes.ts";
import { explainFileError, explainRemoteError } from "./store_errors.ts";
import { storeLocation, type StoreTarget } from "./store_target.ts";

/** What opening a store asks of the runtime. */
export interface StoreRuntime {
  /** `Deno.openKv`; undefined where KV is switched off. */
  readonly openKv: ((path: string) => Promise<Deno.Kv>) | undefined;
  /** Whether a permission is granted; never prompts. */
  readonly isGranted: (permission: Deno.PermissionDescriptor) => boolean;
  /** Makes a folder, and those above it, where they do not exist. */
  readonly makeFolder: (path: string) => Promise<void>;
  /** Whether a file exists. */
  readonly exists: (path: string) => Promise<boolean>;
  /** @returns An environment variable. */
  readonly env: (name: string) => string | undefined;
  readonly clock: Clock;
  /** Spreads attempts; values in [0, 1). */
  readonly random: () => number;
}

/** Options of {@link openStore}. */
export interface OpenStoreOptions {
  /** Whether to make a store that does not exist yet. */
  readonly create: boolean;
  /** The script that is running, for messages that show a whole command. */
  readonly script: string;
  /**
   * How long opening and one read may take, in ms.
   *
   * @default 5_000
   */
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 5_000;
/** Nothing stands there; reading it shows that the store answers. */
export const PROBE_KEY: Deno.KvKey = ["baton", "probe"];

/**
 * Opens a store and reads from it once, so that it is known to answer: a URL opens without that.
 *
 * @param target Which store.
 * @param runtime The runtime.
 * @param options Whether to make it, and how long to wait.
 * @returns The open store.
 * @throws {CliError} when it cannot be had, with what to do about it.
 */
export async function openStore(
  target: StoreTarget,
  runtime: StoreRuntime,
  options: OpenStoreOptions,
): Promise<Deno.Kv> {
  const { openKv: open } = runtime;
  if (open === undefined) throw kvMissing(options.script);
  if (target.kind === "file") await prepareFile(target, runtime, options);
  else checkRemote(target, runtime);
  const timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
  try {
    const { clock, random } = runtime;
    return await openAndRead(storeLocation(target), { open, timeoutMs, clock, random });
  } catch (error) {
    throw target.kind === "file"
      ? explainFileError(target, error)
      : explainRemoteError(target, error);
  }
}

/** @returns What {@link openStore} asks, answered by this process. */
export function systemStoreRuntime(io: Pick<CliIo, "env" | "clock" | "random">): StoreRuntime {
  return {
    openKv: typeof Deno.openKv === "function" ? (path) => Deno.openKv(path) : undefined,
    isGranted: (permission) => Deno.permissions.querySync(permission).state === "granted",
    makeFolder: (path) => Deno.mkdir(path, { recursive: true }),
    exists,
    env: io.env,
    clock: io.clock,
    random: io.random,
  };
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

function kvMissing(script: string): CliError {
  return new CliError("Deno.openKv is missing: Deno KV is switched off", {
    code: "KV_MISSING",
    exitCode: ExitCode.KV_MISSING,
    hint: 'Put "unstable": ["kv"] into your deno.json, or the flag before the script name: ' +
      `deno run --unstable-kv <permissions> ${script}`,
  });
}

type FileTarget = Extract<StoreTarget, { readonly kind: "file" }>;
type RemoteTarget = Extract<StoreTarget, { readonly kind: "remote" }>;

async function prepareFile(
  target: FileTarget,
  runtime: StoreRuntime,
  options: OpenStoreOptions,
): Promise<void> {
  const { path, folder } = target;
  for (const name of ["read", "write"] as const) {
    if (!runtime.isGranted({ name, path })) throw permissionMissing(target, options.script);
  }
  try {
    if (options.create) {
      // Without this permission the folder has to be there already.
      if (runtime.isGranted({ name: "write", path: folder })) await runtime.makeFolder(folder);
      return;
    }
    if (await runtime.exists(path)) return;
  } catch (error) {
    throw explainFileError(target, error);
  }
  throw new CliError(`There is no store at ${path} yet`, {
    code: "STORE_MISSING",
    exitCode: ExitCode.STORE,
    hint: "Start a coordinator first (deno task coordinator), or name another store with --kv",
  });
}

function checkRemote(target: RemoteTarget, runtime: StoreRuntime): void {
  if (!runtime.isGranted({ name: "net", host: target.host })) {
    throw new CliError(`Cannot reach the store at ${target.url}: network access is not permitted`, {
      code: "PERMISSION_MISSING",
      exitCode: ExitCode.STORE,
      hint: `Add --allow-net=${target.host} before the script name`,
    });
  }
  if (runtime.env("DENO_KV_ACCESS_TOKEN") !== undefined) return;
  const readable = runtime.isGranted({ name: "env", variable: "DENO_KV_ACCESS_TOKEN" });
  throw new CliError(`Cannot reach the store at ${target.url}: there is no access token`, {
    code: "TOKEN_MISSING",
    exitCode: ExitCode.USAGE,
    hint: readable
      ? "Set DENO_KV_ACCESS_TOKEN to the token that the server expects"
      : "Add --allow-env=DENO_KV_ACCESS_TOKEN before the script name",
  });
}

/** What the commands need besides environment and store. */
const FURTHER_FLAGS: Readonly<Record<string, string>> = {
  "cli/coordinator.ts": "--allow-sys=loadavg,systemMemoryInfo ",
  "cli/lock.ts": "--allow-run ",
};

function permissionMissing(target: FileTarget, script: string): CliError {
  const { path, folder } = target;
  return new CliError(`Cannot open the store at ${path}: access to the file is not permitted`, {
    code: "PERMISSION_MISSING",
    exitCode: ExitCode.STORE,
    hint: "deno task permits the folder .baton only. For another, run it yourself: " +
      `deno run "--allow-env=BATON_*" --allow-read=${folder} --allow-write=${folder} ` +
      `${FURTHER_FLAGS[script] ?? ""}${script} --kv ${path}`,
  });
}

/** A URL may open without contacting anybody: only a read shows that the store is there. */
async function openAndRead(
  storePath: string,
  options: Required<Pick<OpenKvOptions, "open" | "timeoutMs" | "clock" | "random">>,
): Promise<Deno.Kv> {
  const { timeoutMs, clock, random } = options;
  const untilMs = clock.monotonic() + timeoutMs;
  const kv = await openKv(storePath, options);
  try {
    await untilUnlocked(() => kv.get(PROBE_KEY), { untilMs, clock, random });
    return kv;
  } catch (error) {
    kv.close();
    throw error;
  }
}
