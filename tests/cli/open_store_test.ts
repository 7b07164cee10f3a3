import assert from "node:assert/strict";
import { openStore, type StoreRuntime, systemStoreRuntime } from "../../cli/open_store.ts";
import { parseStoreTarget } from "../../cli/store_target.ts";
import config from "../../deno.json" with { type: "json" };
import { FakeClock } from "../../testing/fake_clock.ts";
import { fakeIo } from "./fake_io.ts";

const FILE = parseStoreTarget("/data/cluster.db");
const SERVER = parseStoreTarget("https://kv.example.org");

interface FakeKv {
  readonly kv: Deno.Kv;
  readonly closed: () => boolean;
}

function fakeKv(get: () => Promise<unknown> = () => Promise.resolve({ value: null })): FakeKv {
  let closed = false;
  const kv = { get, close: () => closed = true } as unknown as Deno.Kv;
  return { kv, closed: () => closed };
}

function setUp(overrides: Partial<StoreRuntime> = {}) {
  const clock = new FakeClock();
  const made: string[] = [];
  const runtime: StoreRuntime = {
    openKv: () => Promise.resolve(fakeKv().kv),
    isGranted: () => true,
    makeFolder: (path) => {
      made.push(path);
      return Promise.resolve();
    },
    exists: () => Promise.resolve(true),
    env: () => "token",
    clock,
    random: () => 0.5,
    ...overrides,
  };
  return { clock, made, runtime };
}

const options = { create: true, script: "cli/x.ts" };

Deno.test("openStore makes the folder, opens and reads", async () => {
  const { made, runtime } = setUp();
  await openStore(FILE, runtime, options);
  assert.deepEqual(made, ["/data"]);
});

Deno.test("openStore without KV names both fixes", async () => {
  const { runtime } = setUp({ openKv: undefined });
  await assert.rejects(openStore(FILE, runtime, options), {
    code: "KV_MISSING",
    exitCode: 69,
    passing: false,
    hint: /"unstable": \["kv"\] .* deno run --unstable-kv <permissions> cli\/x\.ts$/,
  });
});

Deno.test("openStore names the permission that is missing", async () => {
  const cases = [
    {
      target: FILE,
      denied: "read",
      hint:
        /deno run "--allow-env=BATON_\*" --allow-read=\/data --allow-write=\/data cli\/x\.ts --kv \/data\/cluster\.db$/,
    },
    { target: FILE, denied: "write", hint: /--allow-write=\/data/ },
    { target: SERVER, denied: "net", hint: /^Add --allow-net=kv\.example\.org before/ },
  ];
  for (const { target, denied, hint } of cases) {
    const { runtime } = setUp({ isGranted: ({ name }) => name !== denied });
    await assert.rejects(openStore(target, runtime, options), {
      code: "PERMISSION_MISSING",
      exitCode: 3,
      passing: false,
      hint,
    });
  }
});

Deno.test("openStore names every permission that the task of the command has besides the store's", async () => {
  const commands = Object.values(config.tasks).map(({ command }) => command)
    .filter((command) => /--allow-write=\.baton .*cli\//.test(command));
  assert.ok(commands.length >= 4);
  for (const command of commands) {
    const script = /cli\/\w+\.ts/.exec(command)?.[0] ?? "";
    const further = command.match(/--allow-(?!env|read|write|net)\S+/g) ?? [];
    const { runtime } = setUp({ isGranted: () => false });
    const opened = openStore(FILE, runtime, { ...options, script });
    const error = await opened.then(() => null, (error) => error);
    const { hint } = error;
    const named = hint.match(/--allow-(?!env|read|write|net)\S+/g) ?? [];
    assert.deepEqual(named, further, script);
  }
});

Deno.test("openStore asks for the token of a server before it calls it", async () => {
  const cases = [
    { readable: true, hint: /^Set DENO_KV_ACCESS_TOKEN/ },
    { readable: false, hint: /^Add --allow-env=DENO_KV_ACCESS_TOKEN/ },
  ];
  for (const { readable, hint } of cases) {
    const { runtime } = setUp({
      env: () => undefined,
      isGranted: ({ name }) => name !== "env" || readable,
      openKv: () => Promise.reject(new Error("must not be called")),
    });
    await assert.rejects(openStore(SERVER, runtime, options), {
      code: "TOKEN_MISSING",
      exitCode: 2,
      hint,
    });
  }
});

Deno.test("openStore does not make a store that is only to be read", async () => {
  const { made, runtime } = setUp({ exists: () => Promise.resolve(false) });
  await assert.rejects(openStore(FILE, runtime, { ...options, create: false }), {
    code: "STORE_MISSING",
    exitCode: 3,
    message: "There is no store at /data/cluster.db yet",
  });
  assert.deepEqual(made, []);
});

Deno.test("openStore leaves the folder alone where only the file is permitted", async () => {
  const { made, runtime } = setUp({
    isGranted: (permission) => !("path" in permission) || permission.path !== "/data",
  });
  await openStore(FILE, runtime, options);
  assert.deepEqual(made, []);
});

Deno.test("openStore explains what the runtime throws", async () => {
  const { runtime } = setUp({ openKv: () => Promise.reject(new Error("file is not a database")) });
  await assert.rejects(openStore(FILE, runtime, options), {
    code: "STORE_DAMAGED",
    exitCode: 3,
    passing: true,
  });
  const folder = setUp({
    makeFolder: () => Promise.reject(new Deno.errors.PermissionDenied("no (os error 13)")),
  });
  await assert.rejects(openStore(FILE, folder.runtime, options), { code: "STORE_NOT_WRITABLE" });
});

Deno.test("openStore gives a server 5 s to answer, and closes the handle then", async () => {
  const { kv, closed } = fakeKv(() => new Promise(() => {}));
  const { clock, runtime } = setUp({ openKv: () => Promise.resolve(kv) });
  const rejected = assert.rejects(openStore(SERVER, runtime, options), {
    code: "STORE_UNREACHABLE",
    exitCode: 3,
    message: /^Cannot reach the store at https:\/\/kv\.example\.org: no answer within \d+ ms$/,
  });
  await clock.advance(5_000);
  await rejected;
  assert.equal(closed(), true);
  assert.equal(clock.sleeperCount, 0);
});

Deno.test("openStore closes what opens only after the deadline", async () => {
  const { kv, closed } = fakeKv();
  const opening = Promise.withResolvers<Deno.Kv>();
  const { clock, runtime } = setUp({ openKv: () => opening.promise });
  const rejected = assert.rejects(openStore(FILE, runtime, options), { code: "STORE_UNAVAILABLE" });
  await clock.advance(5_000);
  await rejected;
  opening.resolve(kv);
  await clock.advance(0);
  assert.equal(closed(), true);
});

Deno.test("openStore tries again while another process keeps the file locked", async () => {
  let attempts = 0;
  const { clock, runtime } = setUp({
    openKv: () =>
      ++attempts < 4
        ? Promise.reject(new TypeError("database is locked"))
        : Promise.resolve(fakeKv().kv),
  });
  const opened = openStore(FILE, runtime, options);
  await clock.advance(60);
  await opened;
  assert.equal(attempts, 4);
});

Deno.test("systemStoreRuntime answers without prompting", { permissions: "none" }, () => {
  const runtime = systemStoreRuntime(fakeIo());
  assert.equal(runtime.isGranted({ name: "read", path: "/data" }), false);
  assert.equal(typeof runtime.openKv, "function");
});
