import assert from "node:assert/strict";
import { DistributedResilienceCoordinator } from "../../coordination/distributed_resilience_coordinator.ts";
import {
  CliProcess,
  eventually,
  ignore,
  inFolder,
  need,
  runCli,
  shellLine,
  startCli,
} from "./cli_process.ts";

const COMMANDS = ["coordinator", "status", "lock"] as const;
const NODE = ["--lease", "1s"];

function test(name: string, work: (folder: string) => Promise<void>): void {
  Deno.test(`${name}${need}`, { ignore }, inFolder(work));
}

/** Whether a process that is not a child of this one runs. */
function isAlive(pid: number): boolean {
  try {
    Deno.kill(pid, 0 as unknown as Deno.Signal);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

async function status(folder: string) {
  const { code, out } = await runCli("status", ["-o", "json"], { cwd: folder });
  return { code, document: JSON.parse(out) };
}

test("help works without any permission, in a pipe and on a terminal", async (folder) => {
  const config = new URL("../../deno.json", import.meta.url).pathname;
  for (const command of COMMANDS) {
    const flags = ["--no-prompt", "--config", config];
    const piped = await runCli(command, ["--help"], { cwd: folder, flags });
    assert.deepEqual([piped.code, piped.err], [0, ""], command);
    assert.match(piped.out, /^Usage: baton \w+ \[options\][^]*\nExamples:\n[^]*BATON_KV/);
    const line = `'${Deno.execPath()}' run ${flags.join(" ")} ` +
      `'${new URL(`../../cli/${command}.ts`, import.meta.url).pathname}' --help`;
    const pty = new CliProcess("script", ["-qec", line, "/dev/null"], { cwd: folder });
    assert.equal(await pty.ends(), 0, pty.out);
    assert.match(pty.out, /^Usage: baton/);
    assert.equal(pty.out.includes("\u001b["), false);
  }
});

test("wrong usage exits with 2 and a suggestion", async (folder) => {
  const { code, err } = await runCli("coordinator", ["--clsuter", "x"], { cwd: folder });
  assert.equal(code, 2);
  assert.equal(
    err,
    "baton coordinator: unknown option '--clsuter' (Did you mean --cluster?). See --help\n",
  );
  const range = await runCli("coordinator", ["--lease", "1ms"], { cwd: folder });
  assert.deepEqual([range.code, range.out], [2, ""]);
  assert.match(range.err, /leaseMs must be a number from 100 to 86400000, got 1/);
});

test("without Deno KV the commands exit with 69 and both fixes", async (folder) => {
  const config = JSON.parse(await Deno.readTextFile(new URL("../../deno.json", import.meta.url)));
  await Deno.writeTextFile(`${folder}/deno.json`, JSON.stringify({ imports: config.imports }));
  for (const command of COMMANDS) {
    const args = command === "lock" ? ["--", "true"] : [];
    const flags = ["--no-prompt", "--config", "deno.json", "--allow-env=BATON_*", "--no-lock"];
    const { code, err } = await runCli(command, args, { cwd: folder, flags });
    assert.equal(code, 69, err);
    assert.match(err, /"unstable": \["kv"\].*deno run --unstable-kv/);
  }
});

test("a store that cannot be had exits with 3 and says why", async (folder) => {
  await Deno.mkdir(`${folder}/.baton`);
  await Deno.writeTextFile(`${folder}/.baton/junk.db`, "this is no database ".repeat(500));
  const cases = [
    { kv: ".baton/junk.db", code: 3, message: /not a Deno KV store/ },
    { kv: ".baton/junk.db/cluster.db", code: 3, message: /cannot be created or opened there/ },
    { kv: "/elsewhere/cluster.db", code: 3, message: /--allow-read=\/elsewhere/ },
    { kv: "http://127.0.0.1:9", code: 3, message: /Connection refused/ },
  ];
  const env = { DENO_KV_ACCESS_TOKEN: "secret" };
  for (const { kv, code, message } of cases) {
    const node = await runCli("coordinator", ["--kv", kv], { cwd: folder, env });
    assert.equal(node.code, code, node.err);
    assert.match(node.err, message);
    assert.equal(node.err.trimEnd().split("\n").length, 1, node.err);
    assert.equal(node.err.includes("secret"), false);
  }
  const noToken = await runCli("coordinator", ["--kv", "http://127.0.0.1:9"], { cwd: folder });
  assert.equal(noToken.code, 2);
  assert.match(noToken.err, /Set DENO_KV_ACCESS_TOKEN/);
});

test("status makes no store, and tells a leader from none", async (folder) => {
  const none = await status(folder);
  assert.deepEqual([none.code, none.document.error.code], [3, "STORE_MISSING"]);
  await assert.rejects(Deno.stat(`${folder}/.baton`), Deno.errors.NotFound);

  await using node = startCli("coordinator", [...NODE, "--id", "a", "--label", "zone=eu"], {
    cwd: folder,
  });
  await node.says("Elected in term 1");
  const led = await status(folder);
  assert.deepEqual([led.code, led.document.leader, led.document.term], [0, "a", 1]);
  assert.deepEqual(led.document.members[0].labels, { zone: "eu" });
  const table = await runCli("status", [], { cwd: folder });
  assert.match(
    table.out,
    /\nLeader +a \(term 1\)\n[^]*\na +leader +alive +\S+ +\S+ +- +zone=eu\n$/,
  );
  node.kill("SIGTERM");
  assert.equal(await node.ends(), 143);
  const left = await status(folder);
  assert.deepEqual([left.code, left.document.leader], [75, null]);
});

/** One ballot open and one decided; one item dead, one begun, one ready. */
async function leaveOpen(node: DistributedResilienceCoordinator) {
  await node.propose("Roll out?", ["yes", "no"], { deadlineMs: 60_000, ballotId: "open" });
  await node.vote("open", "yes");
  await node.propose("Alone?", ["yes", "no"], {
    deadlineMs: 60_000,
    ballotId: "done",
    electors: ["b"],
  });
  await node.vote("done", "no");
  const claims = node.work();
  const first = claims.next();
  await eventually(async () => (await node.getNodes()).some(({ takesWork }) => takesWork), {
    what: () => "a member that takes work",
  });
  await node.assignWork({ id: "bad", payload: 1, maxAttempts: 1 });
  await (await first).value?.fail(new Error("no disk"));
  const second = claims.next();
  await node.assignWork({ id: "begun", payload: "secret" });
  const begun = (await second).value;
  await node.assignWork({ id: "next", payload: 3 });
  return { claims, begun };
}

test("status shows ballots and work, and takes no odd record of theirs for the leader's", async (folder) => {
  await using leader = startCli("coordinator", [...NODE, "--id", "a"], { cwd: folder });
  await leader.says("Elected in term 1");
  const storePath = `${folder}/.baton/cluster.db`;
  using kv = await Deno.openKv(storePath);
  await using node = new DistributedResilienceCoordinator({
    kv,
    storePath,
    instanceId: "b",
    timing: { leaseMs: 1_000 },
  });
  await node.startup();
  const { claims, begun } = await leaveOpen(node);

  const { code, document } = await status(folder);
  assert.equal(code, 0);
  const { ballots, work } = document;
  assert.deepEqual([ballots.open_count, ballots.open[0].topic, ballots.open[0].voters], [
    1,
    "Roll out?",
    1,
  ]);
  assert.deepEqual([ballots.decided[0].ballot_id, ballots.decided[0].outcome.choice], [
    "done",
    "no",
  ]);
  assert.deepEqual(work, {
    backlog: 2,
    ready: [{ instance_id: "b", items: 1 }],
    claimed: 1,
    waiting: 0,
    unacknowledged: 0,
    dead: 1,
    dead_letters: [{ id: "bad", attempt: 1, assignee: "b", error: "Error: no disk" }],
    count_max: 500,
  });
  assert.doesNotMatch(JSON.stringify(document), /secret/);
  const { out } = await runCli("status", [], { cwd: folder });
  assert.match(out, /\nWork +2 unfinished: 1 ready \(b 1\), 1 claimed; 1 dead\nBallots +1 open\n/);
  assert.match(out, /\nb +follower +alive +\S+ +\S+ +takes +-\n/);
  assert.match(out, /\nbad +1 +b +Error: no disk\n/);
  assert.match(out, /\nopen +Roll out\? +yes, no +1 of 2 +about \S+\n/);
  assert.match(out, /\ndone +Alone\? +no +1 of 1 +\S+\n$/);

  await begun?.complete("done");
  await claims.return();
  await node.shutdown();
  leader.kill("SIGTERM");
  assert.equal(await leader.ends(), 143);
  await kv.set(["baton", "work", "default", "claimed", "leader", "x"], "by hand");
  const left = await status(folder);
  assert.deepEqual([left.code, left.document.corrupt_records.length], [75, 1]);
  await kv.set(["baton", "cluster", "default", "election", "leader", "term"], "by hand");
  assert.equal((await status(folder)).code, 3);
});

test("a follower leads at once when the leader is stopped, and one store stays one", async (folder) => {
  await using first = startCli("coordinator", [...NODE, "--id", "a"], { cwd: folder });
  await first.says("Elected in term 1");
  await using second = startCli("coordinator", [...NODE, "--id", "b", "--log-format", "json"], {
    cwd: folder,
  });
  await second.says("leads in term 1");
  const twin = await runCli("coordinator", [...NODE, "--id", "a"], { cwd: folder });
  assert.equal(twin.code, 2, twin.err);
  assert.match(twin.err, /as "a": a live process has that id/);
  first.kill("SIGINT");
  assert.equal(await first.ends(), 130);
  await second.says("Elected in term 2");
  // SQLite's files must still be those that the second has open: else this is another store.
  const seen = await status(folder);
  assert.deepEqual([seen.document.leader, seen.document.term], ["b", 2]);
  second.kill("SIGTERM");
  assert.equal(await second.ends(), 143);
  for (const line of second.err.trimEnd().split("\n")) JSON.parse(line);
  assert.equal(second.out, "");
});

test("Ctrl-C on a terminal drains once, although it arrives twice", async (folder) => {
  const task = JSON.stringify({
    tasks: { node: shellLine("coordinator", NODE.join(" ")) },
  });
  await Deno.writeTextFile(`${folder}/deno.json`, task);
  const pty = new Deno.Command("script", {
    args: ["-qec", `'${Deno.execPath()}' task node`, "/dev/null"],
    cwd: folder,
    env: { NO_COLOR: "1" }, // the texts that are waited for would be split by colours
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const keys = pty.stdin.getWriter();
  let out = "";
  for await (const text of pty.stdout.pipeThrough(new TextDecoderStream())) {
    const before = out;
    out += text;
    if (out.includes("Elected in term 1") && !before.includes("Elected in term 1")) {
      await keys.write(new Uint8Array([3]));
    }
  }
  await keys.close().catch(() => {});
  assert.equal((await pty.status).code, 130, out);
  assert.equal(out.split("letting go").length, 2, out);
  assert.match(out, /Left the cluster/);
});

test("a coordinator whose store is deleted exits with 3, or starts again with --wait", async (folder) => {
  await using strict = startCli("coordinator", NODE, { cwd: folder });
  await strict.says("Elected in term 1");
  await Deno.remove(`${folder}/.baton`, { recursive: true });
  assert.equal(await strict.ends(), 3, strict.err);
  assert.match(strict.err, /Lost the store at .*: its file was deleted/);

  await using patient = startCli("coordinator", [...NODE, "--wait"], { cwd: folder });
  await patient.says("Elected in term 1");
  await Deno.remove(`${folder}/.baton`, { recursive: true });
  await patient.says("trying again in");
  await eventually(async () => (await status(folder)).code === 0, { what: () => patient.err });
  patient.kill("SIGTERM");
  assert.equal(await patient.ends(), 143);
});

test("a coordinator with --wait can be stopped while it waits", async (folder) => {
  const args = ["--kv", "http://127.0.0.1:9", "--wait"];
  const env = { DENO_KV_ACCESS_TOKEN: "x" };
  await using node = startCli("coordinator", args, { cwd: folder, env });
  await node.says("trying again in");
  node.kill("SIGTERM");
  assert.equal(await node.ends(), 143);
});

test("lock keeps the command's code and tells it of its term", async (folder) => {
  const script = 'echo "$BATON_TERM $BATON_LOCK_HELD $OTHER"; test -n "$BATON_FENCE"; exit 9';
  const { code, out, err } = await runCli("lock", ["--", "sh", "-c", script], {
    cwd: folder,
    env: { OTHER: "kept" },
  });
  assert.deepEqual([code, out, err], [9, "1 true kept\n", ""]);
  const again = await runCli("lock", ["--", "sh", "-c", "kill -s KILL $$"], { cwd: folder });
  assert.equal(again.code, 137);
});

test("lock tells a missing command from one that is not executable", async (folder) => {
  assert.equal((await runCli("lock", ["--", "baton-no-such"], { cwd: folder })).code, 127);
  assert.equal((await runCli("lock", ["--", "/"], { cwd: folder })).code, 126);
});

test("lock gives up at once with --try, later with --timeout, and else gets its turn", async (folder) => {
  await using holder = startCli("lock", ["--id", "h", "--", "sh", "-c", "echo on; sleep 60"], {
    cwd: folder,
  });
  await holder.says("on");
  const tried = await runCli("lock", ["--try", "--", "true"], { cwd: folder });
  assert.equal(tried.code, 75);
  assert.match(tried.err, /is held by h in term 1/);
  const timed = await runCli("lock", ["--timeout", "200ms", "--", "true"], { cwd: folder });
  assert.equal(timed.code, 124, timed.err);
  await using next = startCli("lock", ["--log-format", "json", "--", "echo", "mine"], {
    cwd: folder,
  });
  await next.says("waiting for h, term 1");
  holder.kill("SIGTERM");
  const stoppedAt = performance.now();
  assert.equal(await holder.ends(), 143);
  await next.says("mine");
  // The lease is 10 s: far less than that proves that the lock was let go of.
  assert.ok(performance.now() - stoppedAt < 5_000);
  assert.equal(await next.ends(), 0);
  for (const line of next.err.trimEnd().split("\n")) JSON.parse(line);
});

test("lock passes signals on, waits for the command, and kills at the second", async (folder) => {
  const polite = "trap 'echo bye; exit 5' TERM; echo on; while :; do sleep 0.05; done";
  await using first = startCli("lock", ["--", "sh", "-c", polite], { cwd: folder });
  await first.says("on");
  first.kill("SIGTERM");
  assert.equal(await first.ends(), 143);
  assert.match(first.out, /bye/);
  const stubborn = "trap '' TERM; echo on; while :; do sleep 0.05; done";
  await using second = startCli("lock", ["--", "sh", "-c", stubborn], { cwd: folder });
  await second.says("on");
  second.kill("SIGTERM");
  await new Promise((resolve) => setTimeout(resolve, 400));
  second.kill("SIGTERM");
  assert.equal(await second.ends(), 143);
});

test("lock ends its command when its store is deleted under it", async (folder) => {
  await using lock = startCli("lock", ["--lease", "1s", "--", "sh", "-c", "echo on; sleep 60"], {
    cwd: folder,
  });
  await eventually(() => lock.out === "on\n", { what: () => "the command" });
  for (const end of ["", "-wal", "-shm"]) await Deno.remove(`${folder}/.baton/cluster.db${end}`);
  assert.equal(await lock.ends(), 3);
  assert.match(lock.err, /Lost the store at .*: its file was deleted/);
});

test("lock that is killed takes its command along", async (folder) => {
  // The watchdog hears of the group a moment after the command has begun.
  const script = "sleep 0.5; echo $$; sleep 60 & sleep 60";
  await using lock = startCli("lock", ["--lease", "1s", "--", "sh", "-c", script], { cwd: folder });
  await eventually(() => /^\d+\n/.test(lock.out), { what: () => "the command's pid" });
  const group = -Number(lock.out);
  lock.kill("SIGKILL");
  await eventually(() => !isAlive(group), { timeoutMs: 5_000, what: () => "the group's end" });
});

test("lock that is frozen loses its term, ends the command and exits with 1", async (folder) => {
  const script = "echo $$; sleep 60 & sleep 60";
  await using lock = startCli("lock", ["--lease", "1s", "--", "sh", "-c", script], { cwd: folder });
  await eventually(() => /^\d+\n/.test(lock.out), { what: () => "the command's pid" });
  lock.kill("SIGSTOP");
  const other = await runCli("lock", ["--", "sh", "-c", "echo $BATON_TERM"], { cwd: folder });
  assert.deepEqual([other.code, other.out], [0, "2\n"]);
  lock.kill("SIGCONT");
  assert.equal(await lock.ends(), 1);
  assert.match(lock.err, /Lost leadership of "lock" in term 1: .*; ending the command/);
  // What was killed shows until whoever adopted it has noticed.
  const group = -Number(lock.out);
  await eventually(() => !isAlive(group), { timeoutMs: 2_000, what: () => "the group's end" });
});
