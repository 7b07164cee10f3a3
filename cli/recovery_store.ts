import {
  KvRecoveryStorage,
  recoveryPrefix,
} from "../orchestration/recovery/kv_recovery_storage.ts";
import type { RecoveryStorage } from "../orchestration/recovery/recovery_storage.ts";
import type { CliIo } from "./cli_io.ts";
import { configureLogging } from "./logging.ts";
import { openStore, systemStoreRuntime } from "./open_store.ts";
import { CLUSTER, LOG_FORMAT, logLevel, STORE } from "./shared_settings.ts";
import type { Values } from "./settings.ts";

/** What all commands about a cluster's recovery can be told. */
export const RECOVERY_SETTINGS = {
  cluster: CLUSTER,
  store: STORE,
  logLevel: logLevel("error"),
  logFormat: LOG_FORMAT,
} as const;

/** What a command about a cluster's recovery works with. */
export interface RecoveryStore {
  readonly kv: Deno.Kv;
  readonly storage: RecoveryStorage;
}

/** Who needs a store. */
export interface RecoveryStoreUser {
  /** The command, such as "status". */
  readonly command: string;
  /** Which store and cluster. */
  readonly values: Values<typeof RECOVERY_SETTINGS>;
  readonly io: CliIo;
}

/**
 * Opens the store of a cluster, and closes it after the work.
 *
 * @param user Who needs it.
 * @param work What to do with it.
 * @returns What the work gave.
 * @throws {CliError} when there is no such store, or it cannot be had.
 */
export async function withRecoveryStore<T>(
  { command, values, io }: RecoveryStoreUser,
  work: (store: RecoveryStore) => Promise<T>,
): Promise<T> {
  configureLogging({ level: values.logLevel, format: values.logFormat }, io);
  const options = { create: false, script: `cli/recovery.ts ${command}` };
  using kv = await openStore(values.store, systemStoreRuntime(io), options);
  const { clock, random } = io;
  const prefix = recoveryPrefix(values.cluster);
  return await work({ kv, storage: new KvRecoveryStorage({ kv, prefix, clock, random }) });
}
