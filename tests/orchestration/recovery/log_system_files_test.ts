import assert from "node:assert/strict";
import { systemLogFiles } from "../../../orchestration/recovery/log_system_files.ts";
import { RecoveryLog } from "../../../orchestration/recovery/recovery_log.ts";
import { FakeClock } from "../../../testing/fake_clock.ts";

Deno.test(
  "systemLogFiles names the flags when it may not use a folder",
  { permissions: "none" },
  async () => {
    assert.equal(
      await systemLogFiles.missingPermission("logs"),
      "read permission not granted: --allow-read=logs, " +
        "write permission not granted: --allow-write=logs",
    );
  },
);

const states = await Promise.all(
  (["read", "write"] as const).map((name) => Deno.permissions.query({ name })),
);
const canUseFiles = states.every(({ state }) => state === "granted");
const need = canUseFiles ? "" : " (needs --allow-read --allow-write)";

/** Registers a test that gets a folder of its own. */
function testInFolder(name: string, fn: (folder: string) => Promise<void>): void {
  Deno.test(`${name}${need}`, { ignore: !canUseFiles }, async () => {
    const folder = await Deno.makeTempDir();
    try {
      await fn(folder);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

testInFolder("systemLogFiles looks, appends, lists, renames, removes", async (folder) => {
  const path = `${folder}/x/y/a.log`;
  await systemLogFiles.makeFolder(`${folder}/x/y`);
  await systemLogFiles.makeFolder(`${folder}/x/y`);
  {
    using file = await systemLogFiles.open(path);
    const { modifiedMs, ...empty } = await file.look();
    assert.deepEqual(empty, { start: "", isCutOff: false });
    assert.ok(modifiedMs > 0);
    assert.equal(await file.append(new TextEncoder().encode("a\nb")), 3);
    assert.deepEqual({ ...await file.look(), modifiedMs }, {
      start: "a\nb",
      isCutOff: true,
      modifiedMs,
    });
    assert.equal(await file.append(new TextEncoder().encode("\n")), 1);
    assert.equal((await file.look()).isCutOff, false);
  }
  assert.deepEqual(await systemLogFiles.list(`${folder}/x/y`), [{ name: "a.log", isFile: true }]);
  assert.deepEqual(await systemLogFiles.list(folder), [{ name: "x", isFile: false }]);
  await systemLogFiles.rename(path, `${path}.1`);
  await systemLogFiles.remove(path);
  await systemLogFiles.remove(`${path}.1`);
  assert.deepEqual(await systemLogFiles.list(`${folder}/x/y`), []);
});

testInFolder(
  "systemLogFiles gives a lock to one holder at a time, and never waits",
  async (folder) => {
    const path = `${folder}/a.log.lock`;
    {
      using first = await systemLogFiles.lock(path);
      assert.ok(first);
      assert.equal(await systemLogFiles.lock(path), null);
    }
    using second = await systemLogFiles.lock(path);
    assert.ok(second);
  },
);

testInFolder(
  "RecoveryLog loses no line when several write one real file past midnights",
  async (folder) => {
    const startWallMs = Date.parse("2026-11-21T23:00:00Z");
    const clock = new FakeClock({ startWallMs });
    const path = `${folder}/logs/recovery.log`;
    const logs = [0, 1, 2].map(() => new RecoveryLog({ path, rotation: "daily", clock }));
    for (let n = 0; n < 300; n++) {
      logs[n % 3]!.write("INFO", { n });
      if (n % 50 === 49) clock.jumpWall(86_400_000);
      if (n % 7 === 0) await Promise.race(logs.map((log) => log.flush()));
    }
    for (const log of logs) await log[Symbol.asyncDispose]();
    const seen: number[] = [];
    for await (const { name } of Deno.readDir(`${folder}/logs`)) {
      if (name.endsWith(".lock")) continue;
      const lines = (await Deno.readTextFile(`${folder}/logs/${name}`)).split("\n");
      seen.push(...lines.slice(0, -1).map((line) => JSON.parse(line).n));
    }
    assert.deepEqual(seen.toSorted((a, b) => a - b), Array.from({ length: 300 }, (_, n) => n));
    const names = await systemLogFiles.list(`${folder}/logs`);
    assert.ok(names.some(({ name }) => name === "recovery.log.2026-11-21"));
    assert.deepEqual(logs.map((log) => log.metrics.log_faults_total), [0, 0, 0]);
  },
);
