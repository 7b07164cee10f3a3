import { systemClock } from "@baton/orchestration/clock";
import { Ballots } from "../coordination/ballots/ballots.ts";
import { KvStore } from "../coordination/kv_store.ts";
import { type Figures, measure, measureSideBySide, ms, perSecond, table } from "./figures.ts";

const AT_ONCE = 100;
const SIZES = [10, 1_000, 10_000];
const DEADLINE_MS = 3_600_000;

/** One node's ballots; all of them share one port, as elections of one process do. */
function nodeOn(store: KvStore): (instanceId: string) => Ballots {
  return (instanceId) =>
    new Ballots({
      store,
      cluster: "bench",
      instanceId,
      attemptTimeoutMs: 5_000,
      pollMs: 5_000,
      storePath: ":memory:",
      members: () => Promise.resolve([]),
    });
}

/** So many voters of a ballot that their votes alone settle nothing. */
async function openBallot(store: KvStore, ballotId: string, voters: number): Promise<Ballots[]> {
  const electors = Array.from({ length: 2 * voters + 1 }, (_, i) => `voter-${i}`);
  const nodes = electors.slice(0, voters).map(nodeOn(store));
  const options = { ballotId, electors, deadlineMs: DEADLINE_MS };
  await nodes[0]!.propose("Go on?", ["yes", "no"], options);
  return nodes;
}

/** Lets a node meet the ballot as one does that follows `openBallots`. */
async function meetBallot(node: Ballots): Promise<void> {
  const open = node.openBallots();
  await open.next();
  await open.return();
}

async function rawVote(kv: Deno.Kv, voter: string): Promise<void> {
  const vote = ["raw", "vote", voter];
  await kv.atomic().check({ key: vote, versionstamp: null })
    .set(vote, { choice: "yes", nonce: crypto.randomUUID() })
    .sum(["raw", "choice"], 1n)
    .sum(["raw", "voters"], 1n)
    .commit();
}

/** Votes one after the other and many at once, beside the bare commit that counts one. */
export async function benchVotes(path: string, label: string, times: number): Promise<string> {
  using kv = await Deno.openKv(path);
  const store = new KvStore(kv, { clock: systemClock, random: Math.random });
  const alone = await votesAlone(kv, store, times);
  const atOnce = await votesAtOnce(kv, store, times);
  const head = ["operation", "p50 ms", "p99 ms", "per s (mean)", "ratio of p50"];
  const row = (name: string, figures: Figures, [bare]: readonly Figures[], each = 1) => [
    name,
    ms(figures.percentileMs(0.5)),
    ms(figures.percentileMs(0.99)),
    perSecond(figures, each),
    `${(figures.percentileMs(0.5) / bare!.percentileMs(0.5)).toFixed(2)} × bare`,
  ];
  return table(`Votes, ${label} (${times} each, taken in turn)`, head, [
    row("bare check + set + 2 sums", alone[0]!, alone),
    row("vote on a ballot that the node follows (1 commit, 1 read)", alone[1]!, alone),
    row("vote on a ballot by its id (1 commit, 2 reads)", alone[2]!, alone),
    row(`${AT_ONCE} at once: bare check + set + 2 sums`, atOnce[0]!, atOnce, AT_ONCE),
    row(`${AT_ONCE} at once: vote on a ballot that the node follows`, atOnce[1]!, atOnce, AT_ONCE),
  ]);
}

async function votesAlone(kv: Deno.Kv, store: KvStore, times: number): Promise<Figures[]> {
  const followers = await openBallot(store, "followed", times);
  for (const node of followers) await meetBallot(node);
  const others = await openBallot(store, "by-id", times);
  return await measureSideBySide(times, [
    (i) => rawVote(kv, `alone-${i}`),
    (i) => followers[i]!.vote("followed", "yes"),
    (i) => others[i]!.vote("by-id", "yes"),
  ]);
}

async function votesAtOnce(kv: Deno.Kv, store: KvStore, times: number): Promise<Figures[]> {
  const voters = await openBallot(store, "at-once", times);
  for (const node of voters) await meetBallot(node);
  const crowd = (round: number) => Array.from({ length: AT_ONCE }, (_, i) => round * AT_ONCE + i);
  return await measureSideBySide(times / AT_ONCE, [
    async (round) => void await Promise.all(crowd(round).map((i) => rawVote(kv, `crowd-${i}`))),
    async (round) =>
      void await Promise.all(crowd(round).map((i) => voters[i]!.vote("at-once", "yes"))),
  ]);
}

/** What it takes to settle a ballot and to read how it was decided, by the number of electors. */
export async function benchDecisions(): Promise<string> {
  const rows: string[][] = [];
  for (const size of SIZES) {
    using kv = await Deno.openKv(":memory:");
    const store = new KvStore(kv, { clock: systemClock, random: Math.random });
    const electors = Array.from({ length: size }, (_, i) => `voter-${i}`);
    const nodes = electors.slice(0, Math.floor(size / 2) + 1).map(nodeOn(store));
    const options = { ballotId: "ballot", electors, deadlineMs: DEADLINE_MS };
    const opened = await measure(1, async () => {
      await nodes[0]!.propose("Go on?", ["yes", "no"], options);
    });
    for (const node of nodes.slice(1)) await node.vote("ballot", "yes");
    const settled = await measure(1, () => nodes[0]!.vote("ballot", "yes"));
    const [bare, read] = await measureSideBySide(500, [
      async () => void await kv.get(["baton", "ballots", "bench", "ballot", "ballot"]),
      async () => {
        const ballot = await nodes[0]!.getBallot("ballot");
        if (ballot?.outcome?.choice !== "yes") throw new Error("it was not decided");
      },
    ]) as [Figures, Figures];
    const counted = await measure(10, async () => {
      if (!(await nodes[0]!.recount("ballot")).isEqual) throw new Error("the recount differs");
    });
    rows.push([
      size.toLocaleString("en"),
      ms(opened.percentileMs(0.5)),
      ms(settled.percentileMs(0.5)),
      ms(bare.percentileMs(0.5)),
      `${ms(read.percentileMs(0.5))} / ${ms(read.percentileMs(0.99))}`,
      ms(counted.percentileMs(0.5)),
    ]);
  }
  return table("Ballots by electors, in memory", [
    "electors",
    "open, ms",
    "the vote that settles it: seal and decide, ms",
    "bare get, p50 ms",
    "any node: read the decision, p50 / p99 ms",
    "recount of all votes, p50 ms",
  ], rows);
}
