/**
 * Ends the service whose process id is in its pid file, hanging or not, and starts a new one. Without
 * a pid file it only starts one.
 *
 * The new service gets a process group of its own: Baton ends whatever is left of the group of an
 * action once the action is over.
 *
 * Not guaranteed: that the pid file still names the service. One that outlived a reboot may name
 * somebody else's process; a supervisor that is the parent of what it restarts does not have to guess.
 */

const PID_FILE = ".baton/web.pid";
const LOG_FILE = ".baton/restarts.log";
const PORT = Number(Deno.args[0] ?? 8087);
const FREE_MAX_MS = 5_000;
const PAUSE_MS = 20;

/** SIGKILL, as what hangs need not heed anything else. */
async function endOld(): Promise<void> {
  try {
    const pid = Number(await Deno.readTextFile(PID_FILE));
    if (Number.isSafeInteger(pid) && pid > 1) Deno.kill(pid, "SIGKILL");
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error; // no file, or no such process
  }
}

/** The port is free a moment after its process was killed. */
async function untilPortIsFree(): Promise<void> {
  const until = performance.now() + FREE_MAX_MS;
  while (performance.now() < until) {
    try {
      Deno.listen({ hostname: "127.0.0.1", port: PORT }).close();
      return;
    } catch (error) {
      if (!(error instanceof Deno.errors.AddrInUse)) throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
  throw new Error(`port ${PORT} is taken by somebody else`);
}

function startNew(): number {
  const service = new URL("service.ts", import.meta.url).pathname;
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-prompt",
      "--allow-net=127.0.0.1",
      "--allow-write=.baton",
      service,
      String(PORT),
    ],
    detached: true,
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  child.unref();
  return child.pid;
}

/** By whom, for the record: what Baton decided once has one execution id, however often it is run. */
async function log(pid: number): Promise<void> {
  const read = (name: string) => Deno.env.get(`BATON_${name}`) ?? "-";
  const by = ["EXECUTION_ID", "ATTEMPT", "FENCE"].map((name) =>
    `${name.toLowerCase()}=${read(name)}`
  );
  const line = `${new Date().toISOString()} pid=${pid} ${by.join(" ")}\n`;
  await Deno.writeTextFile(LOG_FILE, line, { append: true });
}

await Deno.mkdir(".baton", { recursive: true });
await endOld();
await untilPortIsFree();
const pid = startNew();
await log(pid);
await Deno.stdout.write(new TextEncoder().encode(`started process ${pid}\n`));
