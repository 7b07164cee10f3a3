import assert from "node:assert/strict";
import { config, type ConfigSources } from "../../cli/config.ts";
import { fixedEnv } from "../../config/env_reader.ts";
import { fakeIo } from "./fake_io.ts";

const FILES: Readonly<Record<string, string>> = {
  "recovery.yaml": "poll_interval: 5",
  "bad_recovery.yaml": "poll_interval: x\nfoo: 1",
  "warned.yaml": "recovery_policies: {}\nrecovery_actions: { a: {} }\ncooldowns: { b: 1 }",
  "env_recovery.yaml": "redis: { host: '${REDIS_HOST}' }",
  "odd.yaml": "enabled: true",
  "policies.yaml":
    "recovery_policies: { down: { component: wbe_server, escalation_chain: [{ action: log_detailed_state }] } }",
  "health.yaml":
    "components: { web_server: { type: tcp, port: 80 }, old: { type: kv, enabled: false } }",
};

const sources: ConfigSources = {
  env: fixedEnv({ REDIS_HOST: "db" }),
  readText: (path) => {
    const text = FILES[path];
    return text === undefined ? Promise.reject(new Deno.errors.NotFound()) : Promise.resolve(text);
  },
};

Deno.test("config validate exits with 0, 1 or 2", async () => {
  const cases = [
    { args: ["validate", "recovery.yaml"], code: 0 },
    { args: ["validate", "warned.yaml"], code: 0 },
    { args: ["validate", "recovery.yaml", "bad_recovery.yaml"], code: 1 },
    { args: ["validate", "gone.yaml"], code: 1 },
    { args: ["validate", "odd.yaml"], code: 1 },
    { args: ["validate", "odd.yaml", "--kind", "policies"], code: 0 },
    { args: ["--kind=recovery", "validate", "odd.yaml"], code: 0 },
    { args: ["validate", "env_recovery.yaml"], code: 1 },
    { args: ["validate", "env_recovery.yaml", "--allow-env", "X,REDIS_HOST"], code: 0 },
    {
      args: ["validate", "env_recovery.yaml", "--allow-env", "X", "--allow-env", "REDIS_*"],
      code: 0,
    },
    { args: ["validate"], code: 2 },
    { args: ["check", "recovery.yaml"], code: 2 },
    { args: [], code: 2 },
    { args: ["validate", "recovery.yaml", "--kind", "x"], code: 2 },
    { args: ["validate", "recovery.yaml", "--no"], code: 2 },
    { args: ["--help"], code: 0 },
  ];
  for (const { args, code } of cases) {
    const io = fakeIo();
    assert.equal(await config(args, io, sources), code, args.join(" "));
    assert.equal(io.err() === "", code !== 2, args.join(" "));
  }
});

Deno.test("config validate shows every fault of every file", async () => {
  const io = fakeIo();
  await config(["validate", "bad_recovery.yaml", "warned.yaml", "gone.yaml"], io, sources);
  const lines = io.out().split("\n");
  assert.match(lines[0]!, /^error {4}bad_recovery\.yaml:1:16 poll_interval: wrong type/);
  assert.match(lines[1]!, /^error {4}bad_recovery\.yaml:2:1 foo: unknown key/);
  assert.match(lines[2]!, /^warning {2}warned\.yaml:3:14 cooldowns\.b: a cooldown of an unknown/);
  assert.match(lines[3]!, /^error {4}gone\.yaml: no such file/);
  assert.equal(lines[4], "3 files checked: 3 errors, 1 warning");
});

Deno.test("config validate warns of components that the health file beside does not watch", async () => {
  const alone = fakeIo();
  await config(["validate", "policies.yaml"], alone, sources);
  assert.equal(alone.out(), "1 file checked: 0 errors, 0 warnings\n");
  const io = fakeIo();
  assert.equal(await config(["validate", "policies.yaml", "health.yaml"], io, sources), 0);
  assert.match(
    io.out(),
    /^warning {2}policies\.yaml recovery_policies\.down\.component: .* did you mean "web_server"\?.*expected one of health\.yaml: web_server\)$/m,
  );
  assert.match(io.out(), /2 files checked: 0 errors, 1 warning\n$/);
});

Deno.test("config validate gives one JSON document, also for wrong usage", async () => {
  const good = fakeIo();
  await config(["validate", "recovery.yaml", "-o", "json"], good, sources);
  assert.deepEqual(JSON.parse(good.out()), {
    apiVersion: "baton/v1",
    valid: true,
    files: [{ file: "recovery.yaml", kind: "recovery", valid: true, faults: [] }],
  });
  const wrong = fakeIo();
  await config(["-o", "json"], wrong, sources);
  assert.equal(JSON.parse(wrong.out()).error.code, "USAGE");
  assert.equal(wrong.err(), "");
});

Deno.test("config validate names the permission for a file it may not read", {
  permissions: "none",
}, async () => {
  const io = fakeIo();
  assert.equal(await config(["validate", "/etc/recovery.yaml"], io), 1);
  assert.match(io.out(), /--allow-read=\/etc\/recovery\.yaml/);
});
