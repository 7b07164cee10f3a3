import assert from "node:assert/strict";
import type { HelloMessage, UserEventMessage } from "@baton/orchestration/engines";
import { NET, READ, RUN, testWith, WRITE } from "../config/availability/probes/probe_runs.ts";
import { eventually } from "./cli_process.ts";
import { ALL_STEPS, eventsOf, stepOf, WorkflowApp } from "./workflow_app.ts";

const WITHOUT_DATA = eventsOf([
  ...stepOf("triage"),
  ["workflow", "progress_update"], // data is skipped
  ...stepOf("reporting"),
]);
/** What is told of a run that goes on in its second step. */
const AFTER_TRIAGE = eventsOf([
  ...stepOf("data", "tool_executing", "tool_completed"),
  ...stepOf("reporting"),
]);

/** What the start of a run, or of an agent, says when it is not the first. */
type Resumed = {
  readonly resumed?: boolean;
  readonly context?: { readonly attempt?: number };
} | undefined;

/** A user's page, as far as its WebSocket goes. */
class Listener implements AsyncDisposable {
  readonly events: UserEventMessage[] = [];
  hello: HelloMessage | null = null;
  readonly #socket: WebSocket;
  readonly #closed: Promise<unknown>;

  constructor(address: string, token: string, query: string) {
    const protocols = ["baton.events", `baton.token.${token}`];
    this.#socket = new WebSocket(`ws://${address}/events?${query}`, protocols);
    this.#closed = new Promise((resolve) => this.#socket.addEventListener("close", resolve));
    this.#socket.addEventListener("message", ({ data }) => {
      const message = JSON.parse(data);
      if (message.type === "hello") this.hello = message;
      else this.events.push(message);
    });
  }

  async connected(): Promise<HelloMessage> {
    await eventually(() => this.hello !== null, { what: () => "a connection" });
    return this.hello!;
  }

  async runEnds(): Promise<void> {
    await eventually(() => this.events.some(isTerminal), { what: () => "the end of the run" });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket.close();
    await this.#closed;
  }
}

function isTerminal({ agent_name, type }: UserEventMessage): boolean {
  return agent_name === null && (type === "agent_completed" || type === "agent_death");
}

/** Fails unless these are the events of that run, all of them, in order, with one end. */
function assertOwn(
  events: readonly UserEventMessage[],
  user: string,
  runId: string,
  expected: readonly (readonly string[])[],
): void {
  assert.deepEqual(
    events.map(({ agent_name, type }) => [agent_name ?? "workflow", type]),
    expected,
  );
  assert.deepEqual(events.map(({ seq }) => seq), expected.map((_, index) => index + 1));
  assert.deepEqual(new Set(events.map(({ user_id }) => user_id)), new Set([user]));
  assert.deepEqual(new Set(events.map(({ run_id }) => run_id)), new Set([runId]));
  assert.equal(events.filter(isTerminal).length, 1, "one end");
}

const NEEDS = [READ, WRITE, RUN, NET];

testWith(NEEDS, "the workflow example shows each user exactly their own events", async () => {
  await using app = await WorkflowApp.start();
  const [ada, bob] = await Promise.all([app.signIn("ada"), app.signIn("bob")]);
  await using ofAda = new Listener(app.address, ada, "after=0");
  await using ofBob = new Listener(app.address, bob, "after=0");
  await Promise.all([ofAda.connected(), ofBob.connected()]);

  const [runOfAda, runOfBob] = await Promise.all([
    app.startRun(ada, "The fox, the dog and the hen"),
    app.startRun(bob, "Too short"),
  ]);
  await Promise.all([ofAda.runEnds(), ofBob.runEnds()]);
  // What the app keeps of them says whether more was to come.
  await using allOfAda = new Listener(app.address, ada, "after=0");
  await using allOfBob = new Listener(app.address, bob, "after=0");
  await Promise.all([allOfAda.runEnds(), allOfBob.runEnds()]);

  assertOwn(ofAda.events, "ada", runOfAda, ALL_STEPS);
  assertOwn(ofBob.events, "bob", runOfBob, WITHOUT_DATA);
  assert.deepEqual(allOfAda.events, ofAda.events);
  assert.deepEqual(allOfBob.events, ofBob.events);
  assert.match(JSON.stringify(ofAda.events), /5 different words, most often “the” \(3\)/);
  assert.match(JSON.stringify(ofBob.events), /Too short: give me 3 words or more/);
});

testWith(NEEDS, "the workflow example goes on where a page stopped", async () => {
  await using app = await WorkflowApp.start();
  const token = await app.signIn("ada");
  const first = new Listener(app.address, token, "after=0");
  const { channel } = await first.connected();
  const runId = await app.startRun(token, "one two three");
  await eventually(() => first.events.length >= 4, { what: () => "a part of the run" });
  await first[Symbol.asyncDispose]();
  const seen = [...first.events];

  const from = `after=${seen.at(-1)!.seq}&channel=${channel}`;
  await using second = new Listener(app.address, token, from);
  assert.equal((await second.connected()).resumed, true);
  await second.runEnds();
  assertOwn([...seen, ...second.events], "ada", runId, ALL_STEPS);
});

testWith(NEEDS, "the workflow example goes on with a run after it was killed", async () => {
  await using app = await WorkflowApp.start(300);
  const before = new Listener(app.address, await app.signIn("ada"), "after=0");
  await before.connected();
  const runId = await app.startRun(await app.signIn("ada"), "one two three");
  const isAt = (agent: string) => before.events.some(({ agent_name }) => agent_name === agent);
  await eventually(() => isAt("data"), { what: () => "its second step" });
  await app.kill();
  await before[Symbol.asyncDispose]();

  await app.startAgain();
  await using after = new Listener(app.address, await app.signIn("ada"), "after=0");
  await after.runEnds();
  assertOwn(after.events, "ada", runId, AFTER_TRIAGE);
  const [start, data] = after.events.map(({ data }) => data["context"] as Resumed);
  assert.equal(start?.resumed, true);
  assert.equal(data?.context?.attempt, 2);
  assert.match(JSON.stringify(after.events), /3 different words/);
});

testWith(NEEDS, "the workflow example cancels a run for its user alone", async () => {
  await using app = await WorkflowApp.start(5_000);
  const [ada, bob] = await Promise.all([app.signIn("ada"), app.signIn("bob")]);
  await using ofAda = new Listener(app.address, ada, "after=0");
  await ofAda.connected();
  const run_id = await app.startRun(ada, "one two three");
  const cases: readonly [string, string, number][] = [
    ["nobody", "", 401],
    ["somebody else", bob, 404],
    ["its user", ada, 202],
  ];
  for (const [who, token, status] of cases) {
    const response = await app.post("/cancel", { run_id }, token);
    await response.body?.cancel();
    assert.equal(response.status, status, who);
  }
  await ofAda.runEnds();
  assert.equal(ofAda.events.at(-1)!.data["status"], "cancelled");
});

testWith(NEEDS, "the workflow example lets its page load nothing from elsewhere", async () => {
  await using app = await WorkflowApp.start();
  const files = { "/": "text/html", "/page.css": "text/css", "/page.js": "text/javascript" };
  for (const [path, type] of Object.entries(files)) {
    const { status, headers, body } = await fetch(`http://${app.address}${path}`);
    await body?.cancel();
    assert.deepEqual([status, headers.get("content-type")], [200, `${type}; charset=utf-8`]);
    const policy = headers.get("content-security-policy")!;
    assert.match(policy, /^default-src 'none'; /);
    assert.doesNotMatch(policy, /unsafe|\*|http/);
  }
  for (const path of ["/app.ts", "/../app.ts", "/constructor", "/page.html"]) {
    const { status, body } = await fetch(`http://${app.address}${path}`);
    await body?.cancel();
    assert.equal(status, 404, path);
  }
});

testWith(NEEDS, "the workflow example refuses what it should, and ends when told to", async () => {
  await using app = await WorkflowApp.start();
  const token = await app.signIn("ada");
  const [name] = (await app.signIn("bob")).split(".");
  const forged = `${name}.${token.split(".")[1]}`;
  const large = { text: "a ".repeat(20_000) };
  const cases: readonly [string, Promise<Response>, number][] = [
    ["a placeholder as a name", app.post("/sign-in", { user: "test" }), 400],
    ["no name", app.post("/sign-in", {}), 400],
    ["no token", app.post("/runs", { text: "a b c" }), 401],
    ["a forged token", app.post("/runs", { text: "a b c" }, forged), 401],
    ["a token that is no base64url", app.post("/runs", { text: "a b c" }, "a*.b"), 401],
    ["no text", app.post("/runs", {}, token), 400],
    ["too much text", app.post("/runs", large, token), 413],
    ["another path", app.post("/else", {}), 404],
  ];
  for (const [what, asked, status] of cases) {
    const response = await asked;
    await response.body?.cancel();
    assert.equal(response.status, status, what);
  }
  const runs = await Promise.all([1, 2, 3].map(() => app.post("/runs", { text: "a" }, token)));
  for (const { body } of runs) await body?.cancel();
  assert.deepEqual(runs.map(({ status }) => status).sort(), [202, 202, 429]);
  const ended = async () => {
    const { body, status } = await app.post("/runs", { text: "a" }, token);
    await body?.cancel();
    return status === 202;
  };
  await eventually(ended, { what: () => "room for another run" });
  assert.equal(await app.interrupt(), 0);
});
