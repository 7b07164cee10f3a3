/**
 * Recovery as an operator meets it: a coordinator with its files, a service that fails, an action that
 * revives it, and every command of `deno task recovery` against it.
 *
 * @module
 */

import assert from "node:assert/strict";
import {
  type CliProcess,
  eventually,
  ignore,
  inFolder,
  need,
  runCli,
  startCli,
} from "./cli_process.ts";

const CONFIG = new URL("../../deno.json", import.meta.url).pathname;
/** What the task permits, and in addition what the handler runs and what ends it. */
const FLAGS: readonly string[] = [
  "--config",
  CONFIG,
  "--no-prompt",
  "--allow-env=BATON_*,ORCHESTRATION_*",
  "--allow-read=.",
  "--allow-write=.baton",
  "--allow-net",
  "--allow-sys=loadavg,systemMemoryInfo",
];
const RUN = "--allow-run=touch,kill";

const health = (port: number) => `
interval: 0.1
timeout: 0.5
failure_threshold: 2
components:
  web: { type: http, url: "http://127.0.0.1:${port}/" }
  store: { type: kv }
`;

const policies = (threshold = 0.5) => `
poll_interval: 1
recovery_policies:
  web_down:
    component: web
    severity_threshold: ${threshold}
    escalation_chain:
      - { action: revive }
      - { action: alert_ground, condition: revive_failed }
handlers:
  revive: { exec: { argv: [touch, .baton/revived] } }
cooldowns: { revive: 60, alert_ground: 0 }
advanced: { verification_delay_seconds: 0.5, max_verification_attempts: 4 }
`;

/** A service that is down until a file appears: the way in which an action revives it. */
class Service implements AsyncDisposable {
  isDown = false;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  constructor(revived: string) {
    this.#server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, async () => {
      if (this.isDown) this.isDown = !await exists(revived);
      return new Response(null, { status: this.isDown ? 503 : 200 });
    });
  }

  get port(): number {
    return this.#server.addr.port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

interface Entry {
  readonly action_type: string;
  readonly result: string;
  readonly verified: boolean | null;
  readonly actor: string | null;
}

const netMissing = Deno.permissions.querySync({ name: "net" }).state !== "granted" &&
  Deno.permissions.querySync({ name: "net", host: "127.0.0.1" }).state !== "granted";
const ignored = ignore || netMissing;
const needs = netMissing ? `${need} [needs --allow-net=127.0.0.1]` : need;

function recoveryIn(cwd: string) {
  return (...args: string[]) => runCli("recovery", args, { cwd, flags: FLAGS });
}

async function startNode(cwd: string, flags: readonly string[] = [...FLAGS, RUN]) {
  return await Promise.resolve(startCli("coordinator", [
    "--id",
    "node-1",
    "--lease",
    "500ms",
    "--health",
    "health.yaml",
    "--recovery",
    "recovery_policies.yaml",
  ], { cwd, flags }));
}

Deno.test(
  `a coordinator revives what failed, and an operator sees and steers it${needs}`,
  { ignore: ignored },
  inFolder(async (cwd) => {
    await using service = new Service(`${cwd}/.baton/revived`);
    await Deno.writeTextFile(`${cwd}/health.yaml`, health(service.port));
    await Deno.writeTextFile(`${cwd}/recovery_policies.yaml`, policies());
    await using node = await startNode(cwd);
    const recovery = recoveryIn(cwd);
    await node.says("web is HEALTHY");
    await node.says("Elected in term 1");
    service.isDown = true;
    await node.says("web is FAILED, was HEALTHY: http");
    await node.says("revive for web_down: success");
    await node.says("web is HEALTHY, was FAILED");

    const status = await recovery("status");
    assert.equal(status.code, 0, status.err);
    assert.match(status.out, /^Leader +node-1 \(term 1\)$/m);
    assert.match(status.out, /^Recovery +runs on the leader$/m);
    assert.match(status.out, /^cluster +1 +1 +0 .*revive, .* ago$/m);
    const { out: json } = await recovery("status", "-o", "json");
    assert.equal(JSON.parse(json).lanes[0].recoveries, 1);

    const history = await recovery("history", "-o", "json");
    const [entry] = JSON.parse(history.out).entries as Entry[];
    assert.deepEqual([entry?.action_type, entry?.result, entry?.verified], [
      "revive",
      "success",
      true,
    ]);
    await assertTriggers(recovery);
    await assertPauses(recovery, node, service, cwd);
    await assertReplays(recovery, cwd);
    node.kill("SIGTERM");
    assert.equal(await node.ends(), 143, node.err);
    assert.match(node.err, /Left the cluster/);
  }),
);

type Run = ReturnType<typeof recoveryIn>;

async function assertTriggers(recovery: Run): Promise<void> {
  const told = await recovery(
    ...["trigger", "alert_ground", "--param", "message=hello", "--actor", "ada"],
  );
  assert.equal(told.code, 0, told.err);
  assert.match(told.out, /^alert_ground: success after .* on node-1: .*\(ada\)/);
  const refused = await recovery("trigger", "nosuch", "-o", "json");
  assert.equal(refused.code, 1);
  assert.equal(JSON.parse(refused.out).entry.result, "skipped_no_handler");
}

async function assertPauses(
  recovery: Run,
  node: CliProcess,
  service: Service,
  cwd: string,
): Promise<void> {
  const paused = await recovery("pause", "--reason", "upgrade", "--for", "1h", "-o", "json");
  const { pause } = JSON.parse(paused.out);
  await Deno.remove(`${cwd}/.baton/revived`);
  service.isDown = true;
  await eventually(async () => {
    const { out } = await recovery("history", "-o", "jsonl");
    return out.includes('"skipped_paused"');
  }, { what: () => `a pause that holds: ${node.err}` });
  assert.match((await recovery("status")).out, /upgrade/);
  assert.equal(await exists(`${cwd}/.baton/revived`), false);
  assert.equal((await recovery("resume", "nosuch")).code, 1);
  const resumed = await recovery("resume", pause.id);
  assert.deepEqual([resumed.code, resumed.out], [0, "Ended: upgrade (operator)\n"]);
  service.isDown = false;
}

async function assertReplays(recovery: Run, cwd: string): Promise<void> {
  const { out } = await recovery("history", "--limit", "1000", "-o", "jsonl");
  await Deno.writeTextFile(`${cwd}/history.jsonl`, out);
  await Deno.writeTextFile(`${cwd}/new_policies.yaml`, policies().replace("revive }", "mend }"));
  await Deno.writeTextFile(`${cwd}/bad_policies.yaml`, policies().replace("revive_failed", "1 +"));
  const replay = (policy: string, ...more: string[]) =>
    recovery("replay", "--policy", policy, "--history", "history.jsonl", ...more);
  const same = await replay("recovery_policies.yaml");
  assert.equal(same.code, 0, same.out + same.err);
  const other = await replay("new_policies.yaml");
  assert.equal(other.code, 1);
  assert.match(other.out, /web_down +1 → - +revive +run +not asked/);
  await Deno.writeTextFile(`${cwd}/history.jsonl`, `${out}{"cut`);
  assert.equal((await replay("recovery_policies.yaml")).code, 2);
  assert.equal((await replay("recovery_policies.yaml", "--skip-unreadable")).code, 0);
  const bad = await replay("bad_policies.yaml", "-o", "json");
  assert.equal(bad.code, 2);
  assert.match(JSON.parse(bad.out).error.details[0], /^bad_policies\.yaml:9:\d+ /);
}

Deno.test(
  `a coordinator refuses files that it cannot use, and follows those that change${needs}`,
  { ignore: ignored },
  inFolder(async (cwd) => {
    await Deno.writeTextFile(`${cwd}/health.yaml`, "interval: often\n");
    await Deno.writeTextFile(`${cwd}/recovery_policies.yaml`, policies());
    await using wrong = await startNode(cwd);
    assert.equal(await wrong.ends(), 2);
    assert.match(wrong.err, /^ {2}health\.yaml:1:11 interval: /m);
    await Deno.writeTextFile(`${cwd}/health.yaml`, health(1));
    await using powerless = await startNode(cwd, FLAGS);
    assert.equal(await powerless.ends(), 2);
    assert.match(powerless.err, /revive: .*--allow-run=touch/);
    assert.match(
      powerless.err,
      /^ {2}deno run .*--allow-run=touch,kill cli\/coordinator\.ts --id node-1 --lease 500ms .*yaml$/m,
    );

    await using node = await startNode(cwd);
    await node.says("Elected in term 1");
    await Deno.writeTextFile(`${cwd}/recovery_policies.yaml`, policies(7));
    await node.says("recovery_policies.yaml cannot be used; what was in force stays so");
    await node.says("severity_threshold");
    const recovery = recoveryIn(cwd);
    await eventually(
      async () => /^File +REJECTED.*severity_threshold/m.test((await recovery("status")).out),
      {
        what: () => `a rejected file in the status: ${node.err}`,
      },
    );
    await Deno.writeTextFile(`${cwd}/recovery_policies.yaml`, policies(0.9));
    await node.says("recovery_policies.yaml is in force as it is now");
    await Deno.writeTextFile(`${cwd}/health.yaml`, health(1).replace("web:", "other:"));
    await node.says("health.yaml is in force as it is now");
    await node.says("other is FAILED");
    await node.says("recovery_policies.web_down.component: no such component is watched");
    const dry = `${policies(0.9)}dry_run_mode: true\n`;
    await Deno.writeTextFile(`${cwd}/recovery_policies.yaml`, dry);
    await node.says("Recovery is a dry run");
    await eventually(async () => /^Recovery +DRY RUN/m.test((await recovery("status")).out), {
      what: () => `a dry run in the status: ${node.err}`,
    });
  }),
);

Deno.test(
  `recovery trigger withdraws what nobody takes${need}`,
  { ignore },
  inFolder(async (cwd) => {
    await using node = startCli("coordinator", ["--lease", "500ms"], { cwd });
    await node.says("Elected in term 1");
    const recovery = recoveryIn(cwd);
    const { code, out } = await recovery("trigger", "alert_ground", "--wait", "300ms");
    assert.equal(code, 75);
    assert.match(out, /^alert_ground was withdrawn: nobody took it within 300ms\./);
    const { out: status } = await recovery("status");
    assert.match(status, /Recovery has not run here yet/);
    assert.match(status, /^Recovery +NOT SEEN on the leader/m);
    assert.equal((await recovery("history")).out, "No entries\n");
  }),
);

const WARNED = `
recovery_policies:
  web_down: { component: web, escalation_chain: [{ action: revive }] }
recovery_actions: { alert_ground: { phase_restrictions: { NIGHT: true } } }
logging: { slack_webhook: "SLACK" }
`;

Deno.test(
  `a coordinator says what of its recovery file has no effect, and refuses what it may not do${needs}`,
  { ignore: ignored },
  inFolder(async (cwd) => {
    const slack = "https://hooks.slack.com/services/T0/B0/x";
    const start = (...args: string[]) =>
      startCli(
        "coordinator",
        ["--lease", "500ms", "--recovery", "recovery_policies.yaml", ...args],
        {
          cwd,
          flags: FLAGS.map((flag) => flag === "--allow-net" ? "--allow-net=127.0.0.1" : flag),
        },
      );
    await Deno.writeTextFile(`${cwd}/recovery_policies.yaml`, WARNED.replace("SLACK", slack));
    await using refused = start();
    assert.equal(await refused.ends(), 2);
    assert.match(refused.err, /slack_webhook cannot be called.*\n.*--allow-net=hooks\.slack\.com/);
    await Deno.writeTextFile(`${cwd}/recovery_policies.yaml`, WARNED.replace("SLACK", ""));
    await using node = start();
    await node.says("no component is watched without --health: this policy never acts by itself");
    await node.says("a coordinator knows no phases: this holds nothing back");
    await node.says("Nothing does revive");
    await node.says("--recovery without --id");
  }),
);

Deno.test(
  `a coordinator with recovery warns of a leader that has none${need}`,
  { ignore },
  inFolder(async (cwd) => {
    await using leader = startCli("coordinator", ["--id", "idle", "--lease", "500ms"], { cwd });
    await leader.says("Elected in term 1");
    await Deno.writeTextFile(`${cwd}/recovery_policies.yaml`, "recovery_policies: {}\n");
    const args = ["--id", "b", "--lease", "500ms", "--recovery", "recovery_policies.yaml"];
    await using follower = startCli("coordinator", args, { cwd, flags: FLAGS });
    await follower.says("idle leads in term 1 and is not seen to run recovery");
  }),
);
