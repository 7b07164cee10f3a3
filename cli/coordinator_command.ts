/** What `deno task coordinator` permits, by flag. */
export const TASK_PERMISSIONS: Readonly<Record<string, readonly string[]>> = {
  "--allow-env": ["BATON_*", "ORCHESTRATION_*", "DENO_KV_ACCESS_TOKEN"],
  "--allow-read": [".baton", "health.yaml", "recovery.yaml", "recovery_policies.yaml"],
  "--allow-write": [".baton"],
  "--allow-net": [],
  "--allow-sys": ["loadavg", "systemMemoryInfo"],
};

const FLAG = /(--allow-[a-z]+)(?:=([^\s;,]+))?/g;
const PLAIN = /^[\w@%+=:,./*-]+$/;

/** What a coordinator is to be started with. */
export interface CoordinatorStart {
  /** Texts that name flags, such as reasons for a refusal. */
  readonly missing: readonly string[];
  /** Files that it reads besides. */
  readonly files: readonly string[];
  /** Programs that it runs besides. */
  readonly programs: readonly string[];
  /** Its own arguments. */
  readonly args: readonly string[];
}

/**
 * Makes the command that starts a coordinator with what its task permits and what is missing.
 *
 * @param start What is missing.
 * @returns One line for a shell, each flag once.
 */
export function coordinatorCommand({ missing, files, programs, args }: CoordinatorStart): string {
  const flags = new Map(
    Object.entries(TASK_PERMISSIONS).map(([flag, values]) => [flag, new Set(values)]),
  );
  const unlimited = new Set(["--allow-net"]);
  const add = (flag: string, value: string | undefined) => {
    const values = flags.get(flag) ?? new Set();
    flags.set(flag, values);
    if (value === undefined) unlimited.add(flag);
    else values.add(value);
  };
  for (const text of missing) {
    for (const [, flag = "", value] of text.matchAll(FLAG)) add(flag, value);
  }
  for (const file of files) add("--allow-read", file);
  if (flags.has("--allow-run")) { for (const program of programs) add("--allow-run", program); }
  const permitted = [...flags].map(([flag, values]) =>
    unlimited.has(flag) || values.size === 0 ? flag : `${flag}=${[...values].join(",")}`
  );
  const words = ["deno", "run", "--no-prompt", ...permitted, "cli/coordinator.ts", ...args];
  return words.map(quoted).join(" ");
}

function quoted(word: string): string {
  return PLAIN.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
