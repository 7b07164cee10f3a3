import assert from "node:assert/strict";
import { fileIdentity, judgeStore, untilStoreLost } from "../../cli/store_loss.ts";
import { FakeClock } from "../../testing/fake_clock.ts";

const FILE = { device: 1, inode: 2, logInode: 3 };

Deno.test("judgeStore names what was lost", () => {
  const cases = [
    { name: "well", openedFile: FILE, presentFile: { ...FILE }, silentMs: 1_000, reason: null },
    { name: "server", openedFile: null, presentFile: null, silentMs: 1_000, reason: null },
    {
      name: "deleted",
      openedFile: FILE,
      presentFile: null,
      silentMs: 0,
      reason: "its file was deleted",
    },
    {
      name: "replaced",
      openedFile: FILE,
      presentFile: { ...FILE, inode: 9 },
      silentMs: 0,
      reason: "another file took its place",
    },
    {
      name: "its log was deleted",
      openedFile: FILE,
      presentFile: { ...FILE, logInode: null },
      silentMs: 0,
      reason: "its -wal file, which holds the newest commits, was deleted",
    },
    {
      name: "a log that was not there at first",
      openedFile: { ...FILE, logInode: null },
      presentFile: FILE,
      silentMs: 0,
      reason: null,
    },
    {
      name: "silent",
      openedFile: null,
      presentFile: null,
      silentMs: 1_001,
      reason: "it has taken no heartbeat for 1 s",
    },
  ];
  for (const { name, reason, ...signs } of cases) {
    assert.equal(judgeStore({ ...signs, silentMaxMs: 1_000 }), reason, name);
  }
});

function setUp() {
  const clock = new FakeClock();
  const stop = new AbortController();
  const state = { beats: 0, file: FILE as typeof FILE | null };
  const lost = untilStoreLost({
    location: "a.db",
    openedFile: FILE,
    identify: () => Promise.resolve(state.file),
    heartbeats: () => state.beats,
    intervalMs: 100,
    silentMaxMs: 1_000,
    hint: "Start again",
    signal: stop.signal,
    clock,
  });
  return { clock, stop, state, lost };
}

Deno.test("untilStoreLost waits for as long as heartbeats are taken", async () => {
  const { clock, stop, state, lost } = setUp();
  for (let turn = 0; turn < 20; turn++) {
    state.beats++;
    await clock.advance(200);
  }
  stop.abort();
  assert.equal(await lost, null);
  assert.equal(clock.sleeperCount, 0);
});

Deno.test("untilStoreLost gives the error when the file or the heartbeats are gone", async () => {
  const silent = setUp();
  await silent.clock.advance(1_100);
  const error = await silent.lost;
  assert.deepEqual([error?.code, error?.exitCode, error?.passing], ["STORE_LOST", 3, true]);
  assert.equal(error?.message, "Lost the store at a.db: it has taken no heartbeat for 1 s");
  const deleted = setUp();
  await deleted.clock.advance(0);
  deleted.state.file = null;
  await deleted.clock.advance(100);
  const gone = await deleted.lost;
  assert.match(gone?.message ?? "", /its file was deleted$/);
  assert.equal(gone?.hint, "Start again");
});

Deno.test("untilStoreLost counts a file that cannot be seen as lost", async () => {
  const clock = new FakeClock();
  const cause = new Deno.errors.PermissionDenied("no");
  const lost = untilStoreLost({
    location: "a.db",
    openedFile: FILE,
    identify: () => Promise.reject(cause),
    intervalMs: 100,
    hint: "",
    signal: new AbortController().signal,
    clock,
  });
  await clock.advance(100);
  const error = await lost;
  assert.deepEqual([error?.code, error?.exitCode, error?.cause], ["STORE_LOST", 3, cause]);
  assert.match(error?.message ?? "", /its file cannot be seen \(PermissionDenied: no\)$/);
});

const { state } = Deno.permissions.querySync({ name: "read", path: import.meta.dirname ?? "." });
const need = state === "granted" ? "" : " [needs --allow-read]";

Deno.test(`fileIdentity finds a file, and null for none${need}`, {
  ignore: state !== "granted",
}, async () => {
  const path = new URL(import.meta.url).pathname;
  assert.notEqual((await fileIdentity(path))?.inode, undefined);
  assert.equal(await fileIdentity(`${path}.none`), null);
});
