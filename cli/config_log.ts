import { type ConfigFault, formatFault } from "../config/files/config_fault.ts";
import type { ConfigEvent, ConfigWatch } from "../config/files/watch_config.ts";
import { cliLogger } from "./cluster_log.ts";

/** Logs where a file contradicts itself. */
export function logContradictions(faults: readonly ConfigFault[]): void {
  for (const fault of faults) cliLogger.warn("{fault}", { fault: formatFault(fault) });
}

/** Logs why a file is not in force: what was in force stays so. */
export function logRejected(file: string, faults: readonly ConfigFault[]): void {
  cliLogger.error("{file} cannot be used; what was in force stays so", { file });
  for (const fault of faults) cliLogger.error("{fault}", { fault: formatFault(fault) });
}

/**
 * Has changes of a file take effect, one after the other, and logs how that went.
 *
 * @param file The file.
 * @param watch Follows it.
 * @param adopt Puts what the file says now in force.
 * @param onFollowed Told after each change why it was rejected, in a line; null when it was not.
 */
export function followConfig<T>(
  file: string,
  watch: ConfigWatch<T>,
  adopt: (config: T) => Promise<readonly ConfigFault[]>,
  onFollowed: (rejected: string | null) => void = () => {},
): void {
  let last = Promise.resolve();
  watch.subscribe((event) => {
    last = last.then(() => follow(file, event, adopt)).catch((cause) => {
      const error = cause instanceof Error ? cause.message : String(cause);
      cliLogger.error("{file} cannot be used; what was in force stays so: {error}", {
        file,
        error,
      });
      return error;
    }).then(onFollowed);
  });
}

async function follow<T>(
  file: string,
  event: ConfigEvent<T>,
  adopt: (config: T) => Promise<readonly ConfigFault[]>,
): Promise<string | null> {
  const faults = event.kind === "rejected" ? event.faults : await adopt(event.current.config);
  if (faults.length > 0 || event.kind === "rejected") {
    logRejected(file, faults);
    return faults.map(formatFault).join("; ");
  }
  cliLogger.info("{file} is in force as it is now", { file });
  logContradictions(event.current.contradictions);
  return null;
}
