import assert from "node:assert/strict";
import { USER_EVENTS_CLOSE, type UserEventHub } from "@baton/orchestration/engines";
import { systemClock } from "../../clock.ts";
import { seededRandom } from "../../testing/seeded_random.ts";
import type { EventFollower } from "../support/event_follower.ts";
import { EventWorld, TALK } from "../support/event_world.ts";
import { TcpLines } from "../support/tcp_lines.ts";

const HOSTNAME = "127.0.0.1";
const WAIT_MAX_MS = 15_000;

const USERS = 50;
const PAGES_PER_USER = 4;
const RUNS_PER_USER = 10;

/** The server gives up a page that is silent for longer; a stalled line outlasts that. */
const HEARTBEAT_SECONDS = 1;
const STALL_MS = 2_500;

/** Everything that a user is told, taken beside all sockets. */
function truthOf(hub: UserEventHub, userId: string): string[] {
  const texts: string[] = [];
  const subscription = hub.subscribe(userId);
  const ready = () => {
    for (let next = subscription.take(); next !== null; next = subscription.take()) {
      texts.push(next.kind === "event" ? next.text : "lagged");
    }
  };
  subscription.listen({ ready, closed: () => {} });
  return texts;
}

async function until(isDone: () => boolean, what: () => string): Promise<void> {
  const deadlineMs = performance.now() + WAIT_MAX_MS;
  while (!isDone()) {
    assert.ok(performance.now() < deadlineMs, `waited in vain for ${what()}`);
    await systemClock.sleep(10);
  }
}

/** Asks for events as a browser would, and says how the server answers. */
async function statusFor(port: number, token: string, origin: string): Promise<number> {
  using connection = await Deno.connect({ hostname: HOSTNAME, port });
  const lines = [
    "GET /events?after=0 HTTP/1.1",
    `host: ${HOSTNAME}:${port}`,
    `origin: ${origin}`,
    "upgrade: websocket",
    "connection: upgrade",
    "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==",
    "sec-websocket-version: 13",
    `sec-websocket-protocol: baton.events, baton.token.${token}`,
  ];
  await connection.write(new TextEncoder().encode(`${lines.join("\r\n")}\r\n\r\n`));
  const buffer = new Uint8Array(1_024);
  const length = await connection.read(buffer);
  const [, status] = new TextDecoder().decode(buffer.subarray(0, length ?? 0)).split(" ");
  return Number(status);
}

/** Lives as a page does: away now and then, by itself or because it must. */
async function livePage(page: EventFollower, random: () => number, isOver: () => boolean) {
  while (!isOver()) {
    await page.connect();
    await systemClock.sleep(random() * 600);
    if (isOver()) return;
    const chance = random();
    if (chance < 0.4) await page.leave();
    else if (chance < 0.6) await page.offend();
    await systemClock.sleep(random() ** 3 * 500);
  }
}

/** Cuts and stalls lines, and knocks at the door, until it is over. */
async function disturb(
  world: EventWorld,
  lines: TcpLines,
  random: () => number,
  isOver: () => boolean,
): Promise<number> {
  const own = `http://${HOSTNAME}:${world.port}`;
  let knocks = 0;
  while (!isOver()) {
    for (let i = 0; i < 4; i++) lines.cutOne(random);
    lines.stallOne(random, STALL_MS);
    const statuses = [
      await statusFor(world.port, crypto.randomUUID(), own),
      await statusFor(world.port, world.tokenOf("user-0"), "http://evil.example"),
      await statusFor(world.port, world.tokenOf("user-0"), own),
    ];
    assert.deepEqual(statuses, [401, 403, 101]);
    knocks++;
    await systemClock.sleep(random() * 100);
  }
  return knocks;
}

async function worksFor(world: EventWorld, userId: string, random: () => number): Promise<void> {
  for (let i = 0; i < RUNS_PER_USER; i++) {
    await systemClock.sleep(random() * 500);
    await world.run(userId);
  }
}

/** Everybody hears everything of their own, whatever happens to the lines. */
async function hearEverything(seed: number): Promise<void> {
  await using world = new EventWorld(HEARTBEAT_SECONDS);
  await using lines = new TcpLines(world.port);
  const randomOf = (stream: string) => seededRandom(seed, stream);
  const users = Array.from({ length: USERS }, (_, i) => `user-${i}`);
  const truths = new Map(users.map((userId) => [userId, truthOf(world.hub, userId)]));
  const pages = users.flatMap((userId) =>
    Array.from({ length: PAGES_PER_USER }, () => ({ userId, page: world.pageOf(userId, lines) }))
  );
  let isOver = false;
  const lives = pages.map(({ page }, i) => livePage(page, randomOf(`page ${i}`), () => isOver));
  const disturbing = disturb(world, lines, randomOf("lines"), () => isOver);
  disturbing.catch(() => {}); // awaited below
  const working = users.map((userId) => worksFor(world, userId, randomOf(userId)));
  await Promise.all(working).finally(() => isOver = true);
  const [knocks] = await Promise.all([disturbing, ...lives]);
  await Promise.all(pages.map(({ userId, page }) => catchUp(page, truths.get(userId)!)));
  for (const [userId, truth] of truths) {
    assert.ok(truth.length > RUNS_PER_USER * 20, `${truth.length} events of ${userId}`);
    assert.deepEqual([...new Set(truth.join().match(/user-\d+/g))], [userId]);
  }
  for (const { userId, page } of pages) {
    assert.deepEqual(page.faults, []);
    assert.deepEqual(page.missed, []);
    assert.deepEqual(page.texts, truths.get(userId), `what a page of ${userId} heard`);
  }
  const happened = { knocks, cuts: lines.cuts, stalls: lines.stalls, ...countCloses(pages) };
  for (const [what, count] of Object.entries(happened)) assert.ok(count > 5, `${count} ${what}`);
  await Promise.all(pages.map(({ page }) => page.leave()));
  await until(
    () => world.hub.metrics.subscribers === USERS,
    () => `${world.hub.metrics.subscribers} subscribers to be those of the test`,
  );
}

/** Counts how connections ended: by their page, by the server, or by neither. */
function countCloses(pages: readonly { readonly page: EventFollower }[]): Record<string, number> {
  const counts = { left: 0, offended: 0, broken: 0 };
  for (const [code, count] of pages.flatMap(({ page }) => [...page.closes])) {
    if (code === 1005) counts.left += count;
    else if (code === USER_EVENTS_CLOSE.TOO_LARGE) counts.offended += count;
    else counts.broken += count;
  }
  return counts;
}

/** Comes back as often as it takes to hear what is left. */
async function catchUp(page: EventFollower, truth: readonly string[]): Promise<void> {
  const deadlineMs = performance.now() + WAIT_MAX_MS;
  while (page.seen < truth.length) {
    assert.ok(performance.now() < deadlineMs, `a page heard ${page.seen} of ${truth.length}`);
    await page.connect();
    await systemClock.sleep(10);
  }
}

/** A page that reads nothing for a while is told what it missed, and holds up nobody. */
async function tellWhatWasMissed(): Promise<void> {
  await using world = new EventWorld();
  await using held = new TcpLines(world.port);
  await using lines = new TcpLines(world.port);
  const truths = ["talker", "quiet"].map((userId) => truthOf(world.hub, userId));
  const [said, quietly] = truths as [string[], string[]];
  const [deaf, quiet] = [world.pageOf("talker", held), world.pageOf("quiet", lines)];
  await Promise.all([deaf.connect(), quiet.connect()]);
  held.hold();
  await Promise.all([world.run("talker", TALK), world.run("quiet")]);
  await catchUp(quiet, quietly);
  assert.deepEqual([quiet.texts, quiet.missed], [quietly, []]);
  assert.equal(deaf.seen, 0);
  held.pass();
  await until(() => deaf.seen === said.length, () => `${deaf.seen} of ${said.length}`);
  assert.deepEqual(deaf.faults, []);
  const isMissed = (seq: number) => deaf.missed.some(({ from, to }) => seq >= from && seq <= to);
  const kept = said.filter((_, i) => !isMissed(i + 1));
  assert.deepEqual(deaf.texts, kept, "what it heard is all that it was not told to have missed");
  // Some of it lay in buffers between the two, and the end of it in the history.
  assert.ok(kept.length < said.length / 2, `${kept.length} events for a page that read nothing`);
  const { lagged_total, events_missed_total } = world.hub.metrics;
  const missed = [deaf.missed.length, said.length - kept.length];
  assert.deepEqual([lagged_total, events_missed_total], missed);
  await Promise.all([deaf.leave(), quiet.leave()]);
}

/** What holds for real WebSockets, whatever happens to them. */
export const USER_EVENTS_SCENARIOS = [
  {
    name: `${USERS * PAGES_PER_USER} pages hear every event of their user once and in order`,
    run: hearEverything,
  },
  { name: "a page that reads nothing is told what it missed", run: tellWhatWasMissed },
];
