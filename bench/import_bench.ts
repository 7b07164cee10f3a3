import { measureSideBySide, ms, table } from "./figures.ts";

/** What is imported, each by a script of its own. */
const ENTRIES = ["mod.ts", "enums/mod.ts", "config/mod.ts", "coordination/mod.ts"];

/** How much longer a process takes that imports an entry point than one with nothing to do. */
export async function benchImports(times = 11): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "baton-bench-imports-" });
  try {
    const scripts = await writeScripts(folder);
    // Once in advance: the first run of a script translates it.
    for (const script of scripts) await spawn(script);
    const figures = await measureSideBySide(
      times,
      scripts.map((script) => () => spawn(script)),
    );
    const [empty = 0, ...rest] = figures.map((each) => each.percentileMs(0.5));
    return table(`Import time (median of ${times} processes each, in turn)`, [
      "script",
      "p50 ms",
      "over the empty script, ms",
    ], [
      ["empty", ms(empty), ""],
      ...rest.map((p50, i) => [`imports ${ENTRIES[i]}`, ms(p50), ms(p50 - empty)]),
    ]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** @returns The paths: an empty script, then one for each entry. */
async function writeScripts(folder: string): Promise<readonly string[]> {
  const imports = ENTRIES.map((entry) =>
    `import "${new URL(`../${entry}`, import.meta.url).href}";\n`
  );
  const scripts: string[] = [];
  for (const [i, text] of ["", ...imports].entries()) {
    scripts.push(`${folder}/script_${i}.ts`);
    await Deno.writeTextFile(scripts[i]!, text);
  }
  return scripts;
}

async function spawn(script: string): Promise<void> {
  const config = new URL("../deno.json", import.meta.url).pathname;
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--no-check", "--config", config, script],
    stdout: "null",
    stderr: "null",
  }).output();
  if (!success) throw new Error(`Cannot run ${script}`);
}
