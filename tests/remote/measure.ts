/**
 * Measures what `docs/reliability.md` says of a real server, and prints it as one Markdown table. Run
 * it with the permissions of `deno task test:remote`; it takes about a minute and a half.
 */
import { openKv } from "@baton/orchestration/coordination";
import { elected, endAll, MemberProcess } from "../support/member_process.ts";
import type { TcpProxy } from "../support/tcp_proxy.ts";
import { RemoteStore } from "./remote_store.ts";

const LEASE_MS = 2_000;
const LONG_LEASE_MS = 20_000;
const CALLS = 1_000;
const KILLS = 20;
const HAND_OVERS = 20;
const REPEATS = 10;
/** After this long a node that has started does nothing but wait. */
const SETTLED_MS = 300;

function now(): number {
  return performance.timeOrigin + performance.now();
}

async function timed(call: () => Promise<unknown>): Promise<number> {
  const startedAtMs = performance.now();
  await call();
  return performance.now() - startedAtMs;
}

async function repeated(times: number, once: (i: number) => Promise<number>): Promise<number[]> {
  const all: number[] = [];
  for (let i = 0; i < times; i++) all.push(await once(i));
  return all;
}

function report(what: string, valuesMs: readonly number[]): void {
  const sorted = valuesMs.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.ceil(share * sorted.length) - 1]!.toFixed(2);
  say([what, sorted.length, at(0.5), at(0.99), at(1)].join(" | "));
}

function say(row: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`| ${row} |\n`));
}

async function measureCalls(kv: Deno.Kv, where: string): Promise<void> {
  const key = ["figure"];
  await kv.set(key, 0);
  report(`get, ${where}`, await repeated(CALLS, () => timed(() => kv.get(key))));
  const commits = await repeated(CALLS, async (i) => {
    const entry = await kv.get(key);
    return await timed(() => kv.atomic().check(entry).set(key, i).commit());
  });
  report(`commit with a check, ${where}`, commits);
}

async function measureWatch(url: string): Promise<void> {
  using reading = await openKv(url);
  using writing = await openKv(url);
  const reader = reading.watch([["watched"]]).getReader();
  await reader.read();
  const seen = await repeated(100, async (i) => {
    const next = reader.read();
    return await timed(async () => {
      await writing.set(["watched"], i);
      await next;
    });
  });
  await reader.cancel();
  report("from a set to its watch in another handle", seen);
}

async function measureLimits(kv: Deno.Kv): Promise<void> {
  const check = (i: number) => ({ key: ["absent", i], versionstamp: null });
  const attempts: readonly [string, () => Promise<unknown>][] = [
    [
      "10 checks",
      () => kv.atomic().check(...Array.from({ length: 10 }, (_, i) => check(i))).commit(),
    ],
    [
      "11 checks",
      () => kv.atomic().check(...Array.from({ length: 11 }, (_, i) => check(i))).commit(),
    ],
    ["1,000 mutations", () => writes(kv, 1_000).commit()],
    ["1,001 mutations", () => writes(kv, 1_001).commit()],
    ["10 keys in getMany", () => kv.getMany(keys(10))],
    ["11 keys in getMany", () => kv.getMany(keys(11))],
    ["65,526 bytes in an array", () => kv.set(["big"], new Uint8Array(65_526))],
    ["65,537 bytes in an array", () => kv.set(["big"], new Uint8Array(65_537))],
  ];
  for (const [what, attempt] of attempts) {
    const answer = await attempt().then(() => "taken", (error) => String(error));
    say(`${what} | ${answer} | | |`);
  }
}

function keys(count: number): Deno.KvKey[] {
  return Array.from({ length: count }, (_, i) => ["m", i]);
}

function writes(kv: Deno.Kv, count: number): Deno.AtomicOperation {
  return keys(count).reduce((operation, key) => operation.set(key, 1), kv.atomic());
}

async function measureFaults(kv: Deno.Kv, line: TcpProxy): Promise<void> {
  for (const lost of [1, 2, 4]) {
    const tookMs = await repeated(REPEATS, async (i) => {
      line.dropReplies(lost);
      return await timed(() => kv.set(["lost", lost, i], 1));
    });
    report(`a set of which ${lost} replies are lost`, tookMs);
  }
  const afterCutMs = await repeated(REPEATS, async (i) => {
    line.cut();
    const set = kv.set(["cut", i], 1);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    line.pass();
    return await timed(() => set);
  });
  report("from the end of a cut of 1 s to the answer of a set", afterCutMs);
}

async function measureFailover(url: string): Promise<void> {
  let members = ["a", "b", "c"].map((id) => new MemberProcess(url, id, LEASE_MS, 20));
  const all = [...members];
  let leader = await elected(members, 0);
  const tookMs = await repeated(KILLS, async (i) => {
    const { member, term } = leader;
    await Promise.all(members.map((one) => one.until(({ event }) => event === "started")));
    const killedAtMs = now();
    member.kill("SIGKILL");
    members = members.filter((one) => one !== member);
    leader = await elected(members, term);
    const next = new MemberProcess(url, `${member.instanceId}${i}`, LEASE_MS, 20);
    members = [...members, next];
    all.push(next);
    return leader.atMs - killedAtMs;
  });
  await endAll(all);
  report(`from SIGKILL of the leader to the next, lease ${LEASE_MS} ms`, tookMs);
}

async function measureHandOver(url: string): Promise<void> {
  let leading = new MemberProcess(url, "first", LONG_LEASE_MS, 20);
  await leading.until(({ event }) => event === "elected");
  const tookMs = await repeated(HAND_OVERS, async (i) => {
    const next = new MemberProcess(url, `next${i}`, LONG_LEASE_MS, 20);
    await next.until(({ event }) => event === "started");
    await new Promise((resolve) => setTimeout(resolve, SETTLED_MS));
    leading.kill("SIGTERM");
    const lost = await leading.until(({ event }) => event === "lost");
    const { atMs } = await next.until(({ event }) => event === "elected");
    await leading[Symbol.asyncDispose]();
    leading = next;
    return atMs - lost.atMs;
  });
  await leading[Symbol.asyncDispose]();
  report(`from the end of a resigned term to the next, lease ${LONG_LEASE_MS} ms`, tookMs);
}

say("what, in ms | n | p50 | p99 | max");
say("--- | --- | --- | --- | ---");
await using store = await RemoteStore.start();
const line = store.line();
{
  using direct = await openKv(store.server.url);
  await measureCalls(direct, "straight to the server");
  using kv = await openKv(line.url);
  await measureCalls(kv, "through the proxy");
  await measureLimits(kv);
  await measureFaults(kv, line);
}
await measureWatch(line.url);
await measureFailover(line.url);
await measureHandOver(line.url);
