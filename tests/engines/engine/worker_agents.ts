/** Agents that tests run in workers. They may import nothing but types. */

import type { Agent } from "../../../engines/agent.ts";

/** Says for whom it works, and on what. */
const describe: Agent = ({ context, input, think }) => {
  think("Looking", 50);
  return { userId: context.userId, input, isFrozen: Object.isFrozen(input) };
};
export default describe;

/** Never ends, and lets nothing else run in its thread. */
export const loop: Agent = () => {
  while (true);
};

/** Says which of its permissions are granted, and what happens when it uses them. */
export const reach: Agent = async () => {
  const attempts: Record<string, () => unknown> = {
    env: () => Deno.env.get("HOME"),
    read: () => Deno.readTextFileSync("/etc/hosts"),
    run: () => new Deno.Command("true").outputSync(),
    net: () => fetch("http://127.0.0.1:8080/"),
  };
  const outcome: Record<string, string> = {};
  for (const [name, attempt] of Object.entries(attempts)) {
    try {
      await attempt();
      outcome[name] = "done";
    } catch (error) {
      outcome[name] = (error as Error).name;
    }
  }
  return outcome;
};

/** Says how far its time zone is from UTC, in minutes: the one thing it sees of its environment. */
export const zone: Agent = () => new Date(0).getTimezoneOffset();

/** Calls a tool that there is and one that there is not. */
export const call: Agent = async ({ callTool }) => {
  const sum = await callTool("add", { a: 1, b: 2 });
  const refusal = await callTool("nobody").catch((error) => [error.name, error.reason]);
  return { sum, refusal };
};

/** Fails. */
export const fail: Agent = () => {
  throw new RangeError("too much");
};

/** Breaks its thread, and not only its own part in it. */
export const crash: Agent = () =>
  new Promise(() => {
    queueMicrotask(() => {
      throw new Error("boom");
    });
  });
