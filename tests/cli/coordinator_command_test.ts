import assert from "node:assert/strict";
import { coordinatorCommand } from "../../cli/coordinator_command.ts";
import { READ, testWith } from "../config/availability/probes/probe_runs.ts";

const BASE = "deno run --no-prompt --allow-env=BATON_*,ORCHESTRATION_*,DENO_KV_ACCESS_TOKEN " +
  "--allow-read=.baton,health.yaml,recovery.yaml,recovery_policies.yaml";
const REST = "--allow-write=.baton --allow-net --allow-sys=loadavg,systemMemoryInfo";
const NOTHING = { missing: [], files: [], programs: [], args: [] };

Deno.test("coordinatorCommand names each flag once, with all that is missing", () => {
  const cases = [
    { what: "nothing", start: NOTHING, line: `${BASE} ${REST} cli/coordinator.ts` },
    {
      what: "programs, those of other actions too",
      start: {
        ...NOTHING,
        missing: [
          "run permission not granted: --allow-run=touch; run permission not granted: " +
          "--allow-run=kill, to end what touch starts",
          "env permission not granted: --allow-env=PATH",
        ],
        programs: ["touch", "systemctl"],
      },
      line: `${BASE.replace("TOKEN", "TOKEN,PATH")} ${REST} --allow-run=touch,kill,systemctl ` +
        "cli/coordinator.ts",
    },
    {
      what: "a whole kind, and a host, which the task permits already",
      start: { ...NOTHING, missing: ["--allow-run; --allow-run=x", "--allow-net=a:1"] },
      line: `${BASE} ${REST} --allow-run cli/coordinator.ts`,
    },
    {
      what: "files, and arguments that a shell would take apart",
      start: { ...NOTHING, files: ["my.yaml"], args: ["--id", "it's me"] },
      line: `${BASE},my.yaml ${REST} cli/coordinator.ts --id 'it'\\''s me'`,
    },
    { what: "programs where none is missing", start: { ...NOTHING, programs: ["x"] }, line: null },
  ];
  for (const { what, start, line } of cases) {
    assert.equal(coordinatorCommand(start), line ?? `${BASE} ${REST} cli/coordinator.ts`, what);
  }
});

testWith([READ], "coordinatorCommand permits what the task does", async () => {
  const { tasks } = JSON.parse(
    await Deno.readTextFile(new URL("../../deno.json", import.meta.url)),
  );
  assert.equal(coordinatorCommand(NOTHING), tasks.coordinator.command);
});
