import assert from "node:assert/strict";
import { recovery } from "../../cli/recovery.ts";
import { fakeIo } from "./fake_io.ts";

const COMMANDS = ["status", "history", "trigger", "pause", "resume", "replay"];

Deno.test("recovery and all of its commands show their help without any permission", {
  permissions: "none",
}, async () => {
  for (const command of [[], ...COMMANDS.map((name) => [name])]) {
    const io = fakeIo();
    assert.equal(await recovery([...command, "--help"], io), 0);
    assert.ok(io.out().startsWith(`Usage: ${["baton recovery", ...command].join(" ")}`), io.out());
  }
});

Deno.test("recovery tells of wrong usage, as JSON when asked for it", async () => {
  const cases = [
    {
      args: [],
      message: /^Say what to do, such as: deno task recovery status\n\nUsage: baton recovery/,
    },
    { args: ["--", "status", "x"], message: /^baton recovery status: too many arguments/ },
    { args: ["stauts"], message: /unknown command 'stauts'\. Did you mean status\?/ },
    { args: ["xyzzy"], message: /There are: status, history, trigger, pause, resume, replay/ },
    { args: ["-o", "table", "status"], message: /Put it first: recovery status/ },
    { args: ["status", "x"], message: /too many arguments/ },
    { args: ["history", "--lane", "x"], message: /--lane: expected cluster, node:ID or all/ },
    { args: ["trigger"], message: /missing required argument 'action'/ },
    { args: ["trigger", "a", "--param", "b"], message: /--param: expected key=value/ },
    { args: ["pause"], message: /--reason is missing/ },
    { args: ["pause", "--reason", "r", "--for", "x"], message: /--for: expected ms/ },
    { args: ["replay"], message: /--policy is missing/ },
    { args: ["replay", "--policy", "p.yaml"], message: /--history is missing/ },
  ];
  for (const { args, message } of cases) {
    const io = fakeIo();
    assert.equal(await recovery(args, io), 2, args.join(" "));
    assert.match(io.err(), message);
    assert.equal(io.out(), "");
    const json = fakeIo({ BATON_OUTPUT: "json" });
    if (args[0] === "-o") continue;
    assert.equal(await recovery(args, json), 2);
    assert.equal(json.err(), "");
    assert.equal(JSON.parse(json.out()).error.code, "USAGE");
  }
});
