/** Ends a process group when this process dies without having said that the group is over. */
export interface GroupWatchdog {
  /** Names the group to end. Call it once, right after the group was started. */
  readonly guard: (pid: number) => Promise<void>;
  /** Says that the group is over. */
  readonly release: () => Promise<void>;
}

/**
 * The kernel closes the pipe on its input when this process ends, however it ends: `read` then
 * reports the end of the file, where a released watchdog gets a line. It is in a session of its own,
 * so that no signal to the group or from the terminal reaches it.
 */
const SCRIPT = `
read -r group || exit 0
if read -r over; then exit 0; fi
kill -s TERM -- "-$group" 2>/dev/null || exit 0
sleep "$1"
kill -s KILL -- "-$group" 2>/dev/null
`;

/**
 * Starts a watchdog: a shell of about a megabyte that waits for this process to die.
 *
 * Not guaranteed: that it sees a death in the moment between the start of the group and the call of
 * `guard`, or that it does anything while this process is only stopped (SIGSTOP).
 *
 * @param graceMs How long the group has between SIGTERM and SIGKILL, in ms.
 * @returns The watchdog.
 * @throws {Deno.errors.NotFound} when there is no shell.
 */
export function startGroupWatchdog(graceMs: number): GroupWatchdog {
  const child = new Deno.Command("/bin/sh", {
    args: ["-c", SCRIPT, "baton-watchdog", (graceMs / 1_000).toFixed(3)],
    detached: true,
    stdin: "piped",
    stdout: "null",
    stderr: "null",
  }).spawn();
  const pipe = child.stdin.getWriter();
  const write = (line: string) => pipe.write(new TextEncoder().encode(`${line}\n`));
  return {
    guard: (pid) => write(`${pid}`),
    release: async () => {
      try {
        await write("over");
        await pipe.close();
      } catch (error) {
        // A watchdog that was killed has nothing left to be told.
        if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
      }
      await child.status;
    },
  };
}
