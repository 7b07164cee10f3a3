/** What an action left behind when it ran: one line of a file. */
export interface RecoveryEffect {
  /** The action, and which run of it. */
  readonly action: string;
  readonly attempt: number;
  readonly executionId: string;
  readonly fence: string;
  /** The process of the action itself. */
  readonly pid: number;
  /** The process that ran it: the leader. */
  readonly leaderPid: number;
}

const FILE = "effects";
const LINE = '"$BATON_ACTION $BATON_ATTEMPT $BATON_EXECUTION_ID $BATON_FENCE $$ $PPID"';
/** What waits for a file gives up after so many looks, ten a second: later than tests do. */
const LOOKS_MAX = 900;

/**
 * Makes a handler that leaves a trace before anything else.
 *
 * @param folder Where the trace goes, and where the script runs.
 * @param script Shell commands that follow.
 */
export function traced(folder: string, script = ":"): object {
  const argv = ["sh", "-c", `echo ${LINE} >> ${FILE}; ${script}`];
  return { exec: { argv, cwd: folder, grace: 0.5, set_env: { PATH: "/usr/bin:/bin" } } };
}

/** @returns Shell commands that wait for a file, but not for ever. */
export function waitFor(file: string): string {
  return `i=0; until [ -e ${file} ] || [ $i -ge ${LOOKS_MAX} ]; do i=$((i+1)); sleep 0.1; done`;
}

/** @returns The traces in a folder, in the order in which they were left. */
export async function readEffects(folder: string): Promise<readonly RecoveryEffect[]> {
  const text = await Deno.readTextFile(`${folder}/${FILE}`).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  });
  return text.split("\n").slice(0, -1).map((line) => {
    const [action, attempt, executionId, fence, pid, leaderPid] = line.split(" ") as string[];
    return {
      action: action!,
      attempt: Number(attempt),
      executionId: executionId!,
      fence: fence!,
      pid: Number(pid),
      leaderPid: Number(leaderPid),
    };
  });
}
