/** Agents that tests run in processes of their own. */
// deno-lint-ignore-file no-console -- printing is what some of them are for

import type { Agent } from "../../engines/agent.ts";

/** Says for whom it works, on what, and what a tool answered. */
const describe: Agent = async ({ context, input, think, callTool }) => {
  think("Looking", 50);
  console.log("printed where nobody looks");
  const sum = await callTool("add", { a: 1, b: 2 });
  const refusal = await callTool("nobody").catch((error) => [error.name, error.reason]);
  return { userId: context.userId, input, isFrozen: Object.isFrozen(input), sum, refusal };
};
export default describe;

/** Says which process it is, and never ends. */
export const loop: Agent = ({ think }) => {
  think(`pid ${Deno.pid}`);
  while (true);
};

/** Says which process it is, and waits for ever. */
export const wait: Agent = ({ think }) => {
  think(`pid ${Deno.pid}`);
  return new Promise(() => setInterval(() => {}, 1_000));
};

/** Says what happens when it uses permissions that it does not have. */
export const reach: Agent = async () => {
  const elsewhere = import.meta.url.replace("process_agents", "agent_process_host");
  const attempts: Record<string, () => unknown> = {
    env: () => Deno.env.get("HOME"),
    read: () => Deno.readTextFileSync("/etc/hosts"),
    write: () => Deno.writeTextFileSync("/tmp/never", ""),
    run: () => new Deno.Command(Deno.execPath()).outputSync(),
    net: () => fetch("http://127.0.0.1:8080/"),
    file: () => import(elsewhere),
    host: () => import(`https://${"deno.land"}/nothing.ts`),
  };
  const outcome: Record<string, string> = {};
  for (const [name, attempt] of Object.entries(attempts)) {
    try {
      await attempt();
      outcome[name] = "done";
    } catch (error) {
      const { name: kind, message } = error as Error;
      outcome[name] = /^Requires \w+ access/.test(message) ? "NotCapable" : kind;
    }
  }
  return outcome;
};

/** Imports by a bare name. */
export const importBare: Agent = async () => typeof (await import("js-yaml")).load;

/** Fails. */
export const fail: Agent = () => {
  throw new RangeError("too much");
};

/** Ends its process. */
export const exit: Agent = () => Deno.exit(3);

/** Breaks its process, and not only its own part in it. */
export const crash: Agent = () =>
  new Promise(() => {
    queueMicrotask(() => {
      throw new Error("boom");
    });
  });

/** Prints without end. */
export const print: Agent = () => {
  while (true) console.log("x".repeat(1_000));
};

const BYTES = new TextEncoder().encode("x".repeat(100_000));

/** Writes what is no message, without end and without lines. */
export const flood: Agent = () => {
  while (true) Deno.stdout.writeSync(BYTES);
};

/** Writes a line that is no message. */
export const babble: Agent = () => {
  Deno.stdout.writeSync(new TextEncoder().encode("hello\n"));
  return new Promise(() => setInterval(() => {}, 1_000));
};

/** Says true messages without end. */
export const chatter: Agent = ({ think }) => {
  while (true) think("again");
};

/** Returns what JSON does not know. */
export const returnMap: Agent = () => new Map([["a", 1]]);

/** Returns more than is sent. */
export const returnMuch: Agent = () => "x".repeat(5_000_000);

/** Takes about 160 MiB. */
export const fill: Agent = () => {
  const heap: number[][] = [];
  while (heap.length < 200) heap.push(new Array(100_000).fill(0.5));
  return heap.length;
};
