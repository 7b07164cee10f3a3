import assert from "node:assert/strict";
import type { Scenario } from "../support/scenario.ts";
import { DurableCluster } from "./durable_cluster.ts";

/** What nodes told of claims, as `node run`. */
const claimsIn = ({ journal: { events } }: DurableCluster) =>
  events.filter(({ event }) => event === "claimed").map((one) => `${one.instanceId} ${one.run}`);

/** Waits for the end of a run that `a` lost inside of `costs`, and who did what. */
async function assertWentOn(cluster: DurableCluster, run: string, by: string): Promise<void> {
  await cluster.letCostsEnd(run, 2);
  await cluster.told("ended", run);
  const { status, owner } = await cluster.read(run);
  assert.deepEqual([status, owner], ["completed", null]);
  assert.deepEqual(await cluster.results(run), [`costs 2 ${by}`, `report 1 ${by}`, "triage 1 a"]);
  const effects = await cluster.effects(run);
  assert.deepEqual(effects, ["costs 1 a", `costs 2 ${by}`, `report 1 ${by}`, "triage 1 a"].sort());
}

async function goesOnElsewhere(storePath: string, leaseMs: number): Promise<void> {
  await using cluster = await DurableCluster.open(storePath, leaseMs);
  await cluster.start("a", "lost-1", "lost-2");
  await cluster.start("b", "kept");
  await cluster.start("c");
  await Promise.all(["lost-1", "lost-2", "kept"].map((run) => cluster.insideCosts(run, 1)));
  await cluster.journal.kill("a");
  for (const run of ["lost-1", "lost-2"]) {
    const { by } = await cluster.insideCosts(run, 2);
    assert.equal((await cluster.read(run)).owner?.term, 2);
    await assertWentOn(cluster, run, by);
  }
  await cluster.letCostsEnd("kept", 1);
  await cluster.told("ended", "kept");
  assert.deepEqual(await cluster.results("kept"), ["costs 1 b", "report 1 b", "triage 1 b"]);
  const claims = claimsIn(cluster).map((claim) => claim.split(" ")[1]).sort();
  assert.deepEqual(claims, ["lost-1", "lost-2"], "each was claimed once, and nothing else");
  assert.equal(cluster.journal.stderr, "", "no process complained");
}

async function goesOnAfterRestart(storePath: string, leaseMs: number): Promise<void> {
  await using cluster = await DurableCluster.open(storePath, leaseMs);
  await cluster.start("a", "lost");
  await cluster.insideCosts("lost", 1);
  await cluster.journal.kill("a");
  await cluster.start("a");
  await cluster.insideCosts("lost", 2);
  await assertWentOn(cluster, "lost", "a");
}

async function forgetsFrozenNode(storePath: string, leaseMs: number): Promise<void> {
  await using cluster = await DurableCluster.open(storePath, leaseMs);
  const frozen = await cluster.start("a", "lost");
  await cluster.start("b");
  await cluster.insideCosts("lost", 1);
  await cluster.freeze(frozen);
  await cluster.insideCosts("lost", 2);
  await cluster.letCostsEnd("lost", 1);
  frozen.kill("SIGCONT");
  const { instanceId, code } = await cluster.told("gave_up", "lost");
  assert.deepEqual([instanceId, code], ["a", "RUN_SUPERSEDED"]);
  assert.deepEqual(await cluster.results("lost"), ["triage 1 a"]);
  await assertWentOn(cluster, "lost", "b");
  assert.deepEqual(claimsIn(cluster), ["b lost"]);
}

async function keepsNoOldClaim(storePath: string, leaseMs: number): Promise<void> {
  await using cluster = await DurableCluster.open(storePath, leaseMs);
  await cluster.start("a", "lost");
  await cluster.insideCosts("lost", 1);
  const frozen = await cluster.startHolding("b");
  await cluster.journal.kill("a");
  await cluster.told("claimed", "lost");
  await cluster.freeze(frozen);
  await cluster.start("c");
  await cluster.insideCosts("lost", 2);
  await cluster.letGoOn("lost");
  frozen.kill("SIGCONT");
  const { instanceId, code } = await cluster.told("gave_up", "lost");
  assert.deepEqual([instanceId, code], ["b", "RUN_SUPERSEDED"]);
  assert.deepEqual(claimsIn(cluster), ["b lost", "c lost"]);
  await assertWentOn(cluster, "lost", "c");
}

/** What a cluster whose nodes all work on durable runs does when one of them is killed or frozen. */
export const DURABLE_CLUSTER_SCENARIOS: readonly Scenario[] = [
  {
    name: "the runs of a killed node go on, each at one other node, and those of others stay",
    run: goesOnElsewhere,
  },
  {
    name: "a killed node that is started again goes on with its own runs",
    run: goesOnAfterRestart,
  },
  {
    name: "a node that was frozen until another claimed its run cannot record",
    run: forgetsFrozenNode,
  },
  {
    name: "a node that was frozen between its claim and its work leaves the run to the next one",
    run: keepsNoOldClaim,
  },
];
