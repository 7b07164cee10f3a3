import { DistributedResilienceCoordinator } from "@baton/orchestration/coordination";
import type { Claim } from "../coordination/work/claim.ts";
import { type Figures, measureSideBySide, ms, perSecond, table } from "./figures.ts";

const BATCH = 50;
const AT_ONCE = 100;
const HEAD = ["operation", "p50 ms", "p99 ms", "items per s (mean)", "ratio of p50"];
const MINUS_ONE = 2n ** 64n - 1n;

type Claims = AsyncGenerator<Claim, void, undefined>;

/** Assigning, claiming and completing, each beside the bare calls that bound it. */
export async function benchWork(path: string, label: string, times: number): Promise<string> {
  using kv = await Deno.openKv(path);
  await using node = new DistributedResilienceCoordinator({
    kv,
    storePath: path,
    cluster: "bench",
    timing: { leaseMs: 60_000 },
  });
  await node.startup();
  const single = await startWorking(node, 1);
  const alone = await measureSideBySide(times, [
    () => rawAssign(kv),
    async () => void await node.assignWork({ payload: {} }),
  ]);
  const crowd = Array.from({ length: AT_ONCE });
  const atOnce = await measureSideBySide(times / AT_ONCE, [
    async () => void await Promise.all(crowd.map(() => rawAssign(kv))),
    async () => void await Promise.all(crowd.map(() => node.assignWork({ payload: {} }))),
  ]);
  const unbatched = await measureSideBySide(times, [
    () => rawClaimAndComplete(kv, 1),
    () => claimAndComplete(single, 1),
  ]);
  const many = await startWorking(node, BATCH);
  await single.return();
  const batched = await measureSideBySide(times / BATCH, [
    () => rawClaimAndComplete(kv, BATCH),
    () => claimAndComplete(many, BATCH),
  ]);
  if (await node.backlog() !== 0) throw new Error("not all of it was done");
  return table(`Work, ${label} (${times} items each, taken in turn)`, HEAD, [
    ...rows("check + 2 sets + sum", "assign, one after the other", alone),
    ...rows(`${AT_ONCE} at once: check + 2 sets + sum`, `${AT_ONCE} at once: assign`, atOnce),
    ...rows("list of 1 + 2 commits", "claim + complete, one by one", unbatched),
    ...rows(
      `list of ${BATCH} + 2 commits of ${BATCH}`,
      `claim + complete, \`maxClaims: ${BATCH}\``,
      batched,
    ),
  ]);

  function rows(bareName: string, name: string, [bare, ours]: readonly Figures[]): string[][] {
    const row = (what: string, figures: Figures) => [
      what,
      ms(figures.percentileMs(0.5)),
      ms(figures.percentileMs(0.99)),
      perSecond(figures, times / figures.count),
      `${(figures.percentileMs(0.5) / bare!.percentileMs(0.5)).toFixed(2)} × bare`,
    ];
    return [row(`bare ${bareName}`, bare!), row(name, ours!)];
  }
}

/** A loop that has begun: the node takes work, but claims nothing until it is asked again. */
async function startWorking(
  node: DistributedResilienceCoordinator,
  maxClaims: number,
): Promise<Claims> {
  const claims = node.work({ maxClaims });
  const first = claims.next();
  await node.assignWork({ payload: {} });
  await (await first).value!.complete();
  return claims;
}

async function claimAndComplete(claims: Claims, count: number): Promise<void> {
  const claimed: Claim[] = [];
  while (claimed.length < count) claimed.push((await claims.next()).value!);
  await Promise.all(claimed.map((claim) => claim.complete()));
}

let rawItems = 0;

/** An item without us: a record and its place in the queue. */
async function rawAssign(kv: Deno.Kv): Promise<void> {
  const number = rawItems++;
  const key = ["raw", "item", number];
  const item = { number, payload: "{}", nonce: crypto.randomUUID() };
  await kv.atomic().check({ key, versionstamp: null })
    .set(key, item)
    .set(["raw", "ready", number], item)
    .sum(["raw", "backlog"], 1n)
    .commit();
}

async function rawClaimAndComplete(kv: Deno.Kv, count: number): Promise<void> {
  const ready = await Array.fromAsync(kv.list({ prefix: ["raw", "ready"] }, { limit: count }));
  const claim = kv.atomic();
  for (const { key, value, versionstamp } of ready) {
    const item = ["raw", "item", key.at(-1)!];
    claim.check({ key: item, versionstamp }).set(item, value).delete(key);
    claim.set(["raw", "claimed", key.at(-1)!], 1);
  }
  const { versionstamp } = await claim.commit() as Deno.KvCommitResult;
  const complete = kv.atomic();
  for (const { key, value } of ready) {
    const item = ["raw", "item", key.at(-1)!];
    complete.check({ key: item, versionstamp }).set(item, value);
    complete.delete(["raw", "claimed", key.at(-1)!]).sum(["raw", "backlog"], MINUS_ONE);
  }
  const { ok } = await complete.commit();
  if (!ok || ready.length !== count) throw new Error("the bare queue is wrong");
}
