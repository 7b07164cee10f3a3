/**
 * Fails when shipped code takes time or chance from the runtime instead of from its options. Time
 * comes in as a `Clock`, which `clock.ts` implements, and `testing/` for simulations; chance as a `random` function.
 *
 * Not found: an alias (`const { now } = Date`), or a dependency that looks at the clock itself.
 *
 * @module
 */

import { conclude, type Finding } from "./finding.ts";
import { readShipped } from "./repository.ts";
import { blankNonCode, findInCode, readImports, type SourceFile } from "./source_text.ts";

/** The files that may touch the runtime's clocks and timers: the real clock, and the simulated. */
const CLOCK_FILES: readonly string[] = ["clock.ts", "testing/sim_time.ts"];

const TIME =
  /\bDate\.now\b|\bperformance\.now\b|\bnew\s+Date\s*\(\s*\)|\bAbortSignal\.timeout\b|(?:(?<![\w.$])|\bglobalThis\.)(?:setTimeout|setInterval|setImmediate)\b/g;

/** A call only: `random: () => number` may default to the function itself. */
const CHANCE = /\bMath\.random\s*\(/g;

const TIMER_MODULE = /^(?:node:)?(?:timers|timers\/promises|perf_hooks)$/;

/**
 * Finds ambient time and chance.
 *
 * @param files The shipped files.
 * @returns Every place that uses them.
 */
export function checkAmbient(files: readonly SourceFile[]): Finding[] {
  return files.filter((file) => !CLOCK_FILES.includes(file.path)).flatMap((file) => {
    const code = blankNonCode(file.text);
    const time = findInCode(code, TIME);
    const imports = readImports(file.text)
      .filter((site) => TIMER_MODULE.test(site.specifier))
      .map((site) => ({ text: site.specifier, line: site.line }));
    return [
      ...[...time, ...imports].map((found) => ambient(file.path, found, "a Clock")),
      ...findInCode(code, CHANCE).map((found) => ambient(file.path, found, "a random function")),
    ];
  });
}

function ambient(
  file: string,
  found: { readonly text: string; readonly line: number },
  port: string,
): Finding {
  return {
    file,
    line: found.line,
    problem: `uses ${found.text.replace(/\s*\($/, "")}`,
    remedy: `Take ${port} in the options, so that a test can set it`,
  };
}

if (import.meta.main) {
  const files = await readShipped();
  conclude("check_ambient", checkAmbient(files), files.length);
}
