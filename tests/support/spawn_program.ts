import { fromFileUrl } from "./paths.ts";

const CONFIG = fromFileUrl(new URL("../../deno.json", import.meta.url));

/** Starts one of the programs beside this file in a process of its own, with the store permitted. */
export function spawnProgram(name: string, args: readonly string[]): Deno.ChildProcess {
  const program = fromFileUrl(new URL(name, import.meta.url));
  return new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-prompt",
      "--quiet",
      "--unstable-kv",
      "--allow-read",
      "--allow-write",
      "--allow-net=127.0.0.1",
      "--allow-env=DENO_KV_ACCESS_TOKEN",
      `--config=${CONFIG}`,
      program,
      ...args,
    ],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}
