import assert from "node:assert/strict";
import { z } from "zod";
import { ConfigError } from "../../../config/files/config_error.ts";
import { configSchema } from "../../../config/files/config_schema.ts";
import { type ConfigEvent, watchConfig } from "../../../config/files/watch_config.ts";
import { recoverySchema } from "../../../config/schemas/recovery.ts";
import type { RecoveryDocument } from "../../../config/schemas/recovery_document.ts";
import { FakeClock } from "../../../testing/fake_clock.ts";

async function setUp(text = "poll_interval: 1") {
  const clock = new FakeClock();
  const file: { text: string | null } = { text };
  const readText = () =>
    file.text === null ? Promise.reject(new Deno.errors.NotFound()) : Promise.resolve(file.text);
  const watch = await watchConfig("r.yaml", recoverySchema, { clock, readText });
  const events: ConfigEvent<RecoveryDocument>[] = [];
  const unsubscribe = watch.subscribe((event) => events.push(event));
  return { clock, file, watch, events, unsubscribe };
}

Deno.test("watchConfig puts a change in force once it is at rest, and tells of it", async () => {
  const { clock, file, watch, events } = await setUp();
  await using _ = watch;
  const { current } = watch;
  await clock.advance(5_000);
  assert.equal(events.length, 0);
  file.text = "poll_interval: 2";
  await clock.advance(1_100);
  assert.equal(watch.current, current);
  await clock.advance(200);
  assert.equal(watch.current.config.poll_interval, 2);
  const [event] = events;
  assert.ok(
    event?.kind === "changed" && event.previous === current && event.current === watch.current,
  );
  assert.equal(events.length, 1);
});

Deno.test("watchConfig waits for a file that keeps changing", async () => {
  const { clock, file, watch, events } = await setUp();
  await using _ = watch;
  for (let i = 2; i < 40; i++) {
    file.text = `poll_interval: ${i}`;
    await clock.advance(100);
  }
  assert.equal(events.length, 0);
  await clock.advance(400);
  assert.equal(watch.current.config.poll_interval, 39);
  assert.equal(events.length, 1);
});

Deno.test("watchConfig keeps the last good file when the new one is bad or gone", async () => {
  const { clock, file, watch, events } = await setUp();
  await using _ = watch;
  const { current } = watch;
  for (const bad of ["poll_interval: x", "", null]) {
    file.text = bad;
    await clock.advance(1_300);
    assert.equal(watch.current, current);
    assert.equal(watch.faults.length, 1);
  }
  assert.deepEqual(events.map(({ kind }) => kind), ["rejected", "rejected", "rejected"]);
  file.text = "poll_interval: 1";
  await clock.advance(1_300);
  assert.equal(events.at(-1)?.kind, "changed");
  assert.deepEqual(watch.faults, []);
});

Deno.test("watchConfig goes on when a listener throws or rejects, and counts it", async () => {
  const { clock, file, watch, events } = await setUp();
  await using _ = watch;
  watch.subscribe(() => {
    throw new Error("listener");
  });
  watch.subscribe(async () => {
    await Promise.resolve();
    throw new Error("asynchronous listener");
  });
  file.text = "poll_interval: 2";
  await clock.advance(1_300);
  file.text = "poll_interval: 3";
  await clock.advance(1_300);
  assert.equal(watch.listenerErrorCount, 4);
  assert.equal(events.length, 2);
});

Deno.test("watchConfig counts the events that a listener missed because it never ends", async () => {
  const { clock, file, watch, events } = await setUp();
  await using _ = watch;
  let calls = 0;
  watch.subscribe(() => {
    calls++;
    return new Promise<void>(() => {});
  });
  for (let change = 2; change < 20; change++) {
    file.text = `poll_interval: ${change}`;
    await clock.advance(1_300);
  }
  assert.deepEqual([calls, watch.listenerErrorCount, events.length], [16, 2, 18]);
});

Deno.test("watchConfig goes on when a rule throws", async () => {
  const clock = new FakeClock();
  let text = "a: 1";
  const schema = configSchema({
    name: "picky",
    schema: z.strictObject({ a: z.number() }),
    rules: [({ a }) => {
      if (a === 2) throw new Error("broken rule");
      return [];
    }],
  });
  await using watch = await watchConfig("a.yaml", schema, {
    clock,
    readText: () => Promise.resolve(text),
  });
  text = "a: 2";
  await clock.advance(1_300);
  assert.match(watch.faults[0]!.got, /broken rule/);
  text = "a: 3";
  await clock.advance(1_300);
  assert.equal(watch.current.config.a, 3);
});

Deno.test("watchConfig tells those no more who have unsubscribed", async () => {
  const { clock, file, watch, events, unsubscribe } = await setUp();
  await using _ = watch;
  unsubscribe();
  file.text = "poll_interval: 2";
  await clock.advance(1_300);
  assert.equal(watch.current.config.poll_interval, 2);
  assert.equal(events.length, 0);
});

Deno.test("watchConfig leaves no timer behind, at rest or in the middle of a change", async () => {
  for (const text of ["poll_interval: 1", "poll_interval: 2"]) {
    const { clock, file, watch } = await setUp();
    file.text = text;
    await clock.advance(1_100);
    await watch[Symbol.asyncDispose]();
    assert.equal(clock.sleeperCount, 0);
  }
});

Deno.test("watchConfig takes a file that never comes to rest as it is after a while", async () => {
  const clock = new FakeClock();
  let count = 1;
  const readText = () => Promise.resolve(`poll_interval: ${count++}`);
  await using watch = await watchConfig("r.yaml", recoverySchema, { clock, readText });
  await clock.advance(10_000);
  assert.equal(watch.current.config.poll_interval, 1);
  await clock.advance(1_500);
  assert.equal(watch.current.config.poll_interval, 52);
});

/** A file of which every reading after the first hangs until it is let go. */
function hangingFile() {
  const hanging: ((text: string) => void)[] = [];
  let readCount = 0;
  const readText = () => {
    if (readCount++ === 0) return Promise.resolve("poll_interval: 1");
    return new Promise<string>((go) => void hanging.push(go));
  };
  return { hanging, readText };
}

Deno.test("watchConfig reports a file whose reading hangs, reads it once, and recovers", async () => {
  const clock = new FakeClock();
  const { hanging, readText } = hangingFile();
  const options = { clock, readText, lookTimeoutMs: 100 };
  await using watch = await watchConfig("r.yaml", recoverySchema, options);
  await clock.advance(20_000);
  assert.match(watch.faults[0]?.got ?? "", /TimeoutError: no answer within 100 ms/);
  assert.equal(hanging.length, 1);
  for (let i = 0; i < 20; i++) {
    hanging.at(-1)!("poll_interval: 2");
    await clock.advance(100);
  }
  assert.equal(watch.current.config.poll_interval, 2);
  assert.deepEqual(watch.faults, []);
});

Deno.test("watchConfig reports a schema that hangs, and goes on", async () => {
  const clock = new FakeClock();
  let text = "a: 1";
  const inner = configSchema({ name: "slow", schema: z.strictObject({ a: z.number() }) });
  const schema = {
    ...inner,
    parse: (value: unknown) => text === "a: 2" ? new Promise<never>(() => {}) : inner.parse(value),
  };
  const readText = () => Promise.resolve(text);
  await using watch = await watchConfig("a.yaml", schema, { clock, readText });
  text = "a: 2";
  await clock.advance(12_000);
  assert.match(watch.faults[0]?.got ?? "", /TimeoutError/);
  text = "a: 3";
  await clock.advance(1_500);
  assert.equal(watch.current.config.a, 3);
});

Deno.test("watchConfig ends while a reading hangs, and tells of nothing then", async () => {
  const clock = new FakeClock();
  const { readText } = hangingFile();
  const watch = await watchConfig("r.yaml", recoverySchema, { clock, readText });
  await clock.advance(1_100);
  await watch[Symbol.asyncDispose]();
  assert.equal(clock.sleeperCount, 0);
  assert.deepEqual(watch.faults, []);
});

Deno.test("watchConfig ends while a schema hangs, and tells of nothing then", async () => {
  const clock = new FakeClock();
  let text = "a: 1";
  const inner = configSchema({ name: "slow", schema: z.strictObject({ a: z.number() }) });
  const schema = {
    ...inner,
    parse: (value: unknown) => text === "a: 2" ? new Promise<never>(() => {}) : inner.parse(value),
  };
  const readText = () => Promise.resolve(text);
  const watch = await watchConfig("a.yaml", schema, { clock, readText });
  text = "a: 2";
  await clock.advance(1_500);
  await watch[Symbol.asyncDispose]();
  assert.deepEqual(watch.faults, []);
  assert.equal(clock.sleeperCount, 0);
});

Deno.test("watchConfig gives up a first reading that hangs", async () => {
  const clock = new FakeClock();
  const readText = () => new Promise<string>(() => {});
  const watching = watchConfig("r.yaml", recoverySchema, { clock, readText });
  const refused = assert.rejects(watching, { code: "CONFIG_UNREADABLE" });
  await clock.advance(10_000);
  await refused;
});

Deno.test("watchConfig refuses a bad file at the start, and times that are none", async () => {
  await assert.rejects(setUp("poll_interval: x"), ConfigError);
  for (
    const options of [{ pollMs: 0 }, { pollMs: NaN }, { debounceMs: -1 }, {
      lookTimeoutMs: Infinity,
    }]
  ) {
    await assert.rejects(watchConfig("r.yaml", recoverySchema, options), RangeError);
  }
});
