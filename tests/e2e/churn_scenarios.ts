import assert from "node:assert/strict";
import { openKv } from "@baton/orchestration/coordination";
import type { Scenario } from "../support/scenario.ts";
import { spawnProgram } from "../support/spawn_program.ts";

const NEVER_MS = 60_000;
const SLOTS = 4;
const DURATION_MS = 10_000;
const LIFETIME_MIN_MS = 400;
const LIFETIME_SPREAD_MS = 1_500;

interface Won {
  readonly holderId: string;
  readonly term: number;
  readonly fence: string;
  readonly ok: boolean;
}

interface Life {
  readonly won: readonly Won[];
  readonly stderr: string;
}

interface Candidate {
  readonly storePath: string;
  readonly leaseMs: number;
  readonly holderId: string;
  readonly isKilled: boolean;
}

/** One candidate's life: it ends by itself or, every third time, by SIGKILL. */
async function live({ storePath, leaseMs, holderId, isKilled }: Candidate): Promise<Life> {
  const lifetimeMs = LIFETIME_MIN_MS + Math.random() * LIFETIME_SPREAD_MS;
  const child = spawnProgram("churning_candidate.ts", [
    storePath,
    holderId,
    String(isKilled ? NEVER_MS : lifetimeMs),
    String(leaseMs),
  ]);
  const timer = isKilled ? setTimeout(() => child.kill("SIGKILL"), lifetimeMs) : undefined;
  const { stdout, stderr, signal, code } = await child.output();
  clearTimeout(timer);
  const text = new TextDecoder();
  if (!isKilled) assert.equal(signal ?? code, 0, `${holderId}: ${text.decode(stderr)}`);
  const lines = text.decode(stdout).split("\n").filter((line) => line.endsWith("}"));
  return { won: lines.map((line) => JSON.parse(line)), stderr: text.decode(stderr) };
}

async function winsNoTermTwice(storePath: string, leaseMs: number): Promise<void> {
  const until = performance.now() + DURATION_MS;
  let spawned = 0;
  const lives: Life[] = [];
  await Promise.all(Array.from({ length: SLOTS }, async () => {
    while (performance.now() < until) {
      const number = spawned++;
      const isKilled = number % 3 === 2;
      lives.push(await live({ storePath, leaseMs, holderId: `c${number}`, isKilled }));
    }
  }));
  const won = lives.flatMap((life) => life.won);
  const byTerm = Map.groupBy(won, ({ term }) => term);
  const twice = [...byTerm.values()].filter(({ length }) => length > 1);
  assert.deepEqual(twice, [], "two processes won the same term");
  assert.equal(lives.map(({ stderr }) => stderr).join(""), "", "no process complained");
  using kv = await openKv(storePath);
  for (const { term, holderId, ok } of won.filter(({ ok }) => ok)) {
    assert.equal((await kv.get(["won", term])).value, holderId, `write of term ${term}: ${ok}`);
  }
  assert.ok(byTerm.size > 10 * SLOTS, `only ${byTerm.size} terms were won`);
}

/** What holds while candidates win, resign, leave and die all the time. */
export const CHURN_SCENARIOS: readonly Scenario[] = [
  {
    name: "no term is won twice while processes come, go and are killed",
    run: winsNoTermTwice,
  },
];
