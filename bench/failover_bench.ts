import { type MemberEvent, MemberProcess } from "../tests/support/member_process.ts";
import { Figures, ms, table } from "./figures.ts";

const MEMBERS = 3;

interface Elected {
  readonly member: MemberProcess;
  readonly event: MemberEvent;
}

/** A small cluster of real processes on one file, in which leaders come and go. */
class Cluster implements AsyncDisposable {
  readonly path: string;
  readonly #leaseMs: number;
  #members: MemberProcess[] = [];
  #spawned = 0;
  #lastTerm = 0;

  constructor(path: string, leaseMs: number) {
    this.path = path;
    this.#leaseMs = leaseMs;
  }

  async fill(): Promise<void> {
    while (this.#members.length < MEMBERS) {
      const member = new MemberProcess(this.path, `m${this.#spawned++}`, this.#leaseMs, 0);
      this.#members.push(member);
      await member.until(({ event }) => event === "started");
    }
  }

  async leader(): Promise<Elected> {
    const found = await Promise.any(this.#members.map(async (member) => {
      const isNew = ({ event, term }: MemberEvent) => event === "elected" && term! > this.#lastTerm;
      return { member, event: await member.until(isNew) };
    }));
    this.#lastTerm = found.event.term!;
    return found;
  }

  async lose(member: MemberProcess): Promise<void> {
    this.#members = this.#members.filter((other) => other !== member);
    await member[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#members.map((member) => member[Symbol.asyncDispose]()));
  }
}

const wallMs = () => performance.timeOrigin + performance.now();
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** From `kill -9` at a random moment, and from the last renewal before it, to the next leader. */
export async function benchFailover(
  folder: string,
  kills: number,
  leaseMs: number,
): Promise<string> {
  await using cluster = new Cluster(`${folder}/failover.db`, leaseMs);
  const fromKill: number[] = [];
  const fromRenewal: number[] = [];
  await cluster.fill();
  let { member } = await cluster.leader();
  for (let i = 0; i < kills; i++) {
    await cluster.fill();
    await sleep(leaseMs / 3 + Math.random() * leaseMs);
    const killedAtMs = wallMs();
    member.kill("SIGKILL");
    const lost = cluster.lose(member);
    const renewedAtMs = await lastRenewal(cluster.path);
    await lost;
    const next = await cluster.leader();
    fromKill.push(next.event.atMs - killedAtMs);
    fromRenewal.push(next.event.atMs - renewedAtMs);
    member = next.member;
  }
  return distribution(
    `Failover after kill -9, lease ${leaseMs} ms, ${MEMBERS} processes on one file`,
    [
      ["from the kill, at a random moment", new Figures(fromKill)],
      ["from the last renewal before it", new Figures(fromRenewal)],
    ],
    leaseMs,
  );
}

/** From a graceful stop of the leader to the next leader, in another process. */
export async function benchHandOver(
  folder: string,
  stops: number,
  leaseMs: number,
): Promise<string> {
  await using cluster = new Cluster(`${folder}/handover.db`, leaseMs);
  const taken: number[] = [];
  await cluster.fill();
  let { member } = await cluster.leader();
  for (let i = 0; i < stops; i++) {
    await cluster.fill();
    await sleep(Math.random() * leaseMs / 3);
    member.kill("SIGTERM");
    const lost = await member.until(({ event }) => event === "lost");
    const next = await cluster.leader();
    taken.push(next.event.atMs - lost.atMs);
    await cluster.lose(member);
    member = next.member;
  }
  return distribution(`Hand-over between processes on one file, lease ${leaseMs} ms`, [
    ["from the resignation", new Figures(taken)],
  ], leaseMs);
}

async function lastRenewal(path: string): Promise<number> {
  using kv = await Deno.openKv(path);
  const key = ["baton", "cluster", "default", "election", "leader", "lease"];
  const { value } = await kv.get<{ writtenAt: string }>(key);
  return Date.parse(value!.writtenAt);
}

function distribution(
  title: string,
  measured: readonly [string, Figures][],
  leaseMs: number,
): string {
  return table(title, ["measured", "runs", "min", "p50", "p90", "p99", "max", "p50 / lease"], [
    ...measured.map(([name, figures]) => [
      name,
      String(figures.count),
      ...[0, 0.5, 0.9, 0.99, 1].map((share) => `${ms(figures.percentileMs(share))} ms`),
      (figures.percentileMs(0.5) / leaseMs).toFixed(3),
    ]),
  ]);
}
