/** What a person sees of the workflow example, in a real browser. */
import assert from "node:assert/strict";
import { ALL_STEPS, WorkflowApp } from "../e2e/workflow_app.ts";
import { Browser, type Page, requireBrowser } from "./browser.ts";

const BROWSER = requireBrowser();

/** Registers a test with a browser and an app of its own. */
function testPage(name: string, fn: (browser: Browser, app: WorkflowApp) => Promise<void>): void {
  Deno.test(name, async () => {
    await using app = await WorkflowApp.start(300);
    await using browser = await Browser.start(BROWSER);
    await fn(browser, app);
  });
}

/** A line of a run's card: an event, or what the page has to say between two. */
interface Line {
  readonly seq: number;
  readonly agent: string;
  readonly type: string;
  readonly text: string;
}

/** @returns The lines of the latest run; a remark has the number 0. */
async function linesOf(page: Page): Promise<readonly Line[]> {
  return await page.read(`[...document.querySelectorAll("article:first-child .events > li")]
    .map((line) => {
      const [seq = 0, , agent = "", type = "", text = line.textContent] =
        [...line.children].map(({ textContent }) => textContent);
      return { seq: Number(seq), agent, type, text };
    })`);
}

function eventsOf(lines: readonly Line[]): Line[] {
  return lines.filter(({ seq }) => seq > 0);
}

async function start(page: Page, text: string): Promise<void> {
  await page.read(`document.querySelector("#text").value = ${JSON.stringify(text)}`);
  await page.click("#start .main");
}

/** Waits until the latest run is there, and has that status. */
async function untilRun(page: Page, status: string): Promise<void> {
  const shown = `document.querySelector("article:first-child .status")?.textContent`;
  await page.until(`${shown} === ${JSON.stringify(status)}`);
}

async function untilStepRuns(page: Page, step: string): Promise<void> {
  await page.until(
    `document.querySelector('article:first-child [data-step="${step}"]')?.dataset.is === "running"`,
  );
}

function textOf(page: Page, selector: string): Promise<string> {
  return page.read(`document.querySelector(${JSON.stringify(selector)}).textContent`);
}

const CONNECTED = `document.querySelector("#state").dataset.is === "connected"`;

testPage("the workflow page shows a run live, across a cut, and to its user alone", async (
  browser,
  app,
) => {
  const bob = await browser.open(`http://${app.address}/#bob`);
  await bob.until(CONNECTED);
  const ada = await browser.open(`http://${app.address}/`);
  await ada.until(`document.activeElement?.id === "user"`);
  await ada.type("ada");
  await ada.press("Enter");
  await ada.until(CONNECTED);
  await ada.press("Tab"); // from the text to the button
  await ada.press("Enter");

  await untilStepRuns(ada, "data");
  await ada.click("#cut");
  await ada.until(`document.querySelector("#state").dataset.is === "lost"`);
  await untilRun(ada, "completed");

  const lines = await linesOf(ada);
  const events = eventsOf(lines);
  assert.deepEqual(events.map(({ agent, type }) => [agent, type]), ALL_STEPS);
  assert.deepEqual(events.map(({ seq }) => seq), ALL_STEPS.map((_, index) => index + 1));
  const at = lines.findIndex(({ seq }) => seq === 0);
  const cut = lines[at - 1]!.seq;
  assert.ok(cut < events.length, "it was cut in the middle of the run");
  assert.deepEqual(lines.filter(({ seq }) => seq === 0).map(({ text }) => text), [
    `Connection lost after event ${cut}`,
    `Connected again: going on after event ${cut}`,
  ]);
  assert.equal(lines[at + 2]!.seq, cut + 1);
  assert.equal(await textOf(ada, "#tally"), `${events.length} seen, 0 missing, 0 twice`);
  assert.match(await textOf(ada, "article .report"), /7 different words, most often “the” \(4\)/);
  assert.match(await textOf(ada, "#news"), /^Run \w+: completed. 7 different words/);

  assert.equal(await textOf(bob, "#tally"), "none yet");
  await start(bob, "two words");
  await untilRun(bob, "completed");
  assert.match(await textOf(bob, "article .report"), /Too short/);
  for (const page of [ada, bob]) {
    assert.equal(await page.read(`document.querySelectorAll("article").length`), 1);
  }
});

testPage("the workflow page shows failure, cancellation and refusal", async (browser, app) => {
  const page = await browser.open(`http://${app.address}/#ada`);
  await page.until(CONNECTED);
  await start(page, `one two <b>${"x".repeat(31)}</b>`);
  await untilRun(page, "failed");
  const error = (await linesOf(page)).find(({ type }) => type === "agent_error");
  assert.match(error!.text, /There is a word that is too long/);
  assert.equal(await textOf(page, "article .report"), "The words could not be counted.");

  await start(page, "one two three");
  await untilStepRuns(page, "data");
  await page.read(`document.querySelector("article:first-child .cancel").focus()`);
  await page.press("Enter");
  await untilRun(page, "cancelled");
  assert.equal(await page.read("document.activeElement.tagName"), "ARTICLE", "focus is not lost");
  const steps = await textOf(page, "article:first-child .steps");
  const words = steps.trim().split(/\s+/).join(" ");
  assert.equal(words, "triage completed data cancelled reporting skipped");

  for (const _ of [1, 2, 3]) await start(page, "one two three");
  await page.until(`document.querySelector("#start-problem").textContent.includes("(2/2)")`);
});

testPage("the workflow page shows a run go on after the app was killed", async (browser, app) => {
  const page = await browser.open(`http://${app.address}/#ada`);
  await page.until(CONNECTED);
  await start(page, "one two three");
  await untilStepRuns(page, "data");
  await app.kill();
  await page.until(`document.querySelector("#state").dataset.is === "lost"`);
  await app.startAgain();
  await untilRun(page, "completed");

  assert.equal(await page.read(`document.querySelectorAll("article").length`), 1);
  const lines = await linesOf(page);
  const startsOf = (name: string) =>
    lines.filter(({ agent, type }) => agent === name && type === "agent_started")
      .map(({ text }) => text);
  assert.deepEqual(startsOf("workflow"), [
    "Work has begun",
    "Goes on at the step where it stopped",
  ]);
  assert.deepEqual(startsOf("triage"), ["triage was asked to begin"]);
  assert.deepEqual(startsOf("data"), [
    "data was asked to begin",
    "data was asked to begin, attempt 2",
  ]);
  const again = "Connected to an app that was started again: the numbers begin anew";
  assert.ok(lines.some(({ text }) => text === again));
  assert.match(await textOf(page, "article .report"), /3 different words/);
});

testPage("the workflow page names its controls and loads nothing from elsewhere", async (
  browser,
  app,
) => {
  const page = await browser.open(`http://${app.address}/#ada`);
  await page.until(CONNECTED);
  await start(page, "one two three");
  await untilStepRuns(page, "triage");
  const controls = await controlsOf(page);
  assert.deepEqual(controls.map((name) => name.replace(/Run \w+/, "Run …")), [
    "button: Sign out",
    "textbox: A text whose words are counted",
    "button: Start a workflow",
    "button: Cut the connection for 3 s",
    "button: Cancel Run …",
    "progressbar: Progress of Run …",
  ]);
  const loaded = await page.read<string[]>(
    `performance.getEntriesByType("resource").map(({ name }) => name)`,
  );
  assert.ok(loaded.length >= 3);
  assert.deepEqual(loaded.filter((url) => !url.startsWith(`http://${app.address}/`)), []);
});

/** @returns What a screen reader says of the controls. */
async function controlsOf(page: Page): Promise<string[]> {
  const { nodes } = await page.send("Accessibility.getFullAXTree");
  const roles = ["button", "textbox", "progressbar"];
  const own = nodes.filter((node: AxNode) => !node.ignored && roles.includes(node.role.value));
  return own.map(({ role, name }: AxNode) => `${role.value}: ${name?.value ?? ""}`);
}

interface AxNode {
  readonly ignored: boolean;
  readonly role: { readonly value: string };
  readonly name?: { readonly value: string };
}
