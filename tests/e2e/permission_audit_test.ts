/**
 * Has Deno write down which environment variables the unit suite touches. Run are the tests of the
 * rooms that read the environment or are imported by those that do; the tests of coordination take
 * too long to be run twice.
 *
 * @module
 */

import assert from "node:assert/strict";
import { ignore, inFolder, need } from "./cli_process.ts";

const ROOT: string = new URL("../../", import.meta.url).pathname;
const SUITES = ["tests/config", "tests/enums", "tests/health"];
const OURS = /^(?:ORCHESTRATION|BATON)_/;

/** One line of what Deno wrote down: a permission that was used. */
interface AuditEntry {
  readonly permission: string;
  /** Name of the variable; null for the environment as a whole. */
  readonly value: string | null;
  readonly stack?: readonly string[];
}

/** Runs tests that may read every variable, and gives back what they did with that. */
async function auditEnv(
  folder: string,
  paths: readonly string[],
): Promise<readonly AuditEntry[]> {
  const file = `${folder}/audit.jsonl`;
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["test", "--no-check", "--no-prompt", "--parallel", "--allow-env", ...paths],
    cwd: ROOT,
    env: { NO_COLOR: "1", DENO_AUDIT_PERMISSIONS: file, DENO_TRACE_PERMISSIONS: "1" },
  }).output();
  const decoder = new TextDecoder();
  assert.ok(success, decoder.decode(stdout).slice(-4_000) + decoder.decode(stderr));
  const lines = (await Deno.readTextFile(file)).split("\n").filter((line) => line !== "");
  return lines.map((line) => JSON.parse(line) as AuditEntry).filter(({ permission }) =>
    permission === "env"
  );
}

/** Whether an entry is nobody's business but Deno's and ours. */
function isPermitted({ value, stack }: AuditEntry): boolean {
  if (value !== null) return OURS.test(value);
  // Where a test may read some variables alone, Deno's test runner itself asks for all of them first.
  return stack !== undefined && stack.length > 0 && stack.every((frame) => frame.includes("(ext:"));
}

Deno.test(
  `the unit suite touches no variable outside ORCHESTRATION_* and BATON_*${need}`,
  { ignore },
  inFolder(async (folder) => {
    const entries = await auditEnv(folder, SUITES);
    assert.deepEqual(entries.filter((entry) => !isPermitted(entry)), []);
    assert.ok(entries.some(({ value }) => value === "ORCHESTRATION_DEBUG"), "nothing was audited");
  }),
);

Deno.test(
  `the audit finds a foreign variable, and the environment read as a whole${need}`,
  { ignore },
  inFolder(async (folder) => {
    const test = `${folder}/foreign_test.ts`;
    await Deno.writeTextFile(
      test,
      `Deno.test("reads", () => {
         Deno.env.get("BATON_ID");
         Deno.env.get("HOME");
         Deno.env.toObject();
       });
       Deno.test({ name: "reads one", permissions: { env: ["BATON_A"] }, fn: () => {} });`,
    );
    const entries = await auditEnv(folder, [test]);
    assert.deepEqual(entries.map(({ value }) => value).sort(), ["BATON_ID", "HOME", null, null]);
    const foreign = entries.filter((entry) => !isPermitted(entry)).map(({ value }) => value);
    assert.deepEqual(foreign.sort(), ["HOME", null]);
  }),
);
