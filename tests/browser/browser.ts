import assert from "node:assert/strict";
import { CliProcess, eventually } from "../e2e/cli_process.ts";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "chrome"];

/** As root there is no sandbox; and nothing is asked of the network but what a test opens. */
const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-dev-shm-usage",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
  "--remote-debugging-port=0",
];

/** @returns Where a browser is, on PATH. */
export function requireBrowser(): string {
  const folders = (Deno.env.get("PATH") ?? "").split(":").filter((folder) => folder !== "");
  const paths = NAMES.flatMap((name) => folders.map((folder) => `${folder}/${name}`));
  const path = paths.find((path) => {
    try {
      return Deno.statSync(path).isFile;
    } catch {
      return false;
    }
  });
  if (path !== undefined) return path;
  throw new Error(`These tests need one of ${NAMES.join(", ")} on PATH`);
}

type Answer = { readonly result?: unknown; readonly error?: { readonly message: string } };

/** A browser without a window, spoken to by the DevTools protocol. */
export class Browser implements AsyncDisposable {
  readonly #process: CliProcess;
  readonly #folder: string;
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #lastId = 0;

  private constructor(process: CliProcess, folder: string, socket: WebSocket) {
    this.#process = process;
    this.#folder = folder;
    this.#socket = socket;
    socket.addEventListener("message", ({ data }) => {
      const message = JSON.parse(data);
      this.#waiting.get(message.id)?.(message);
      this.#waiting.delete(message.id);
    });
    socket.addEventListener("close", () => {
      for (const answer of this.#waiting.values()) answer({ error: { message: "it has gone" } });
      this.#waiting.clear();
    });
  }

  static async start(path: string): Promise<Browser> {
    const folder = await Deno.makeTempDir({ prefix: "baton-browser-" });
    const args = [...FLAGS, `--user-data-dir=${folder}`, "about:blank"];
    const process = new CliProcess(path, args, { cwd: folder });
    try {
      await process.says("DevTools listening on ws://");
      const socket = new WebSocket(/listening on (ws:\S+)/.exec(process.err)![1]!);
      await new Promise((resolve, reject) => {
        socket.addEventListener("open", resolve);
        socket.addEventListener("error", reject);
      });
      return new Browser(process, folder, socket);
    } catch (error) {
      await process[Symbol.asyncDispose]();
      await Deno.remove(folder, { recursive: true });
      throw error;
    }
  }

  /** Opens a page that shares nothing with the others: as another person's browser would. */
  async open(url: string): Promise<Page> {
    const { browserContextId } = await this.send("Target.createBrowserContext");
    const blank = { url: "about:blank", browserContextId };
    const { targetId } = await this.send("Target.createTarget", blank);
    const attach = { targetId, flatten: true };
    const { sessionId } = await this.send("Target.attachToTarget", attach);
    const page = new Page((method, params) => this.send(method, params, sessionId));
    await page.send("Page.navigate", { url });
    await page.until(`document.readyState === "complete"`);
    return page;
  }

  /** Calls a method of the protocol, for the browser itself or for a page. */
  // deno-lint-ignore no-explicit-any -- what answers hold depends on the method
  async send(method: string, params?: object, sessionId?: string): Promise<any> {
    const id = ++this.#lastId;
    const answered = new Promise<Answer>((resolve) => this.#waiting.set(id, resolve));
    this.#socket.send(JSON.stringify({ id, method, params, sessionId }));
    const { result, error } = await answered;
    assert.equal(error, undefined, `${method}: ${error?.message}`);
    return result;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise((resolve) => this.#socket.addEventListener("close", resolve));
    this.#socket.send(JSON.stringify({ id: ++this.#lastId, method: "Browser.close" }));
    await closed;
    await this.#process.ends();
    await Deno.remove(this.#folder, { recursive: true });
  }
}

/** A page of a browser. */
export class Page {
  /** Calls a method of the protocol. */
  readonly send: Browser["send"];

  constructor(send: Browser["send"]) {
    this.send = send;
  }

  /** Has the page find out something. @returns What it is, as far as JSON carries it. */
  async read<T>(expression: string): Promise<T> {
    const asked = { expression, awaitPromise: true, returnByValue: true };
    const { result, exceptionDetails } = await this.send("Runtime.evaluate", asked);
    assert.equal(exceptionDetails, undefined, JSON.stringify(exceptionDetails));
    return result.value;
  }

  /** Waits until an expression is true. */
  async until(expression: string): Promise<void> {
    let shown = "";
    const isSo = async () => {
      shown = await this.read("document.body?.innerText ?? ''");
      return await this.read<boolean>(`Boolean(${expression})`);
    };
    await eventually(isSo, { what: () => `${expression} in:\n${shown}` });
  }

  async click(selector: string): Promise<void> {
    await this.read(`document.querySelector(${JSON.stringify(selector)}).click()`);
  }

  /** Types a text where the focus is. */
  async type(text: string): Promise<void> {
    await this.send("Input.insertText", { text });
  }

  /** Presses a key where the focus is. */
  async press(key: "Tab" | "Enter"): Promise<void> {
    const code = { Tab: 9, Enter: 13 }[key];
    const event = { key, code: key, windowsVirtualKeyCode: code };
    const text = key === "Enter" ? { text: "\r" } : {};
    await this.send("Input.dispatchKeyEvent", { type: "keyDown", ...event, ...text });
    await this.send("Input.dispatchKeyEvent", { type: "keyUp", ...event });
  }
}
