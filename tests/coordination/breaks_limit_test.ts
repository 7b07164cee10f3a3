import assert from "node:assert/strict";
import { breaksLimit } from "../../coordination/breaks_limit.ts";

const answered = (status: string, text: string) =>
  new Error(`KV Connect failed to call 'http://h:1/v2/atomic_write' (status=${status}): ${text}`);
const refused = (text: string) => answered("400 Bad Request", text);

const CASES: readonly {
  readonly name: string;
  readonly error: unknown;
  readonly breaks: boolean;
}[] = [
  // What Deno 2.9 says, before it sends anything.
  { name: "checks", error: new TypeError("Too many checks (max 100)"), breaks: true },
  { name: "mutations", error: new TypeError("Too many mutations (max 1000)"), breaks: true },
  { name: "ranges", error: new TypeError("Too many ranges (max 10)"), breaks: true },
  { name: "value", error: new TypeError("Value too large (max 65536 bytes)"), breaks: true },
  { name: "key", error: new TypeError("Key too large for write (max 2048 bytes)"), breaks: true },
  {
    name: "total",
    error: new TypeError("Total mutation size too large (max 819200 bytes)"),
    breaks: true,
  },
  // What denokv 0.14 says.
  {
    name: "server's checks",
    error: refused("Too many checks included in atomic write."),
    breaks: true,
  },
  {
    name: "server's mutations",
    error: refused("Too many mutations / enqueues included in atomic write."),
    breaks: true,
  },
  { name: "server's key", error: refused("A key exceeds the key size limit."), breaks: true },
  { name: "server's value", error: refused("A value exceeds the value size limit."), breaks: true },
  {
    name: "server's total",
    error: refused("The total size of the atomic write is too large."),
    breaks: true,
  },
  {
    name: "server's entries",
    error: refused(
      "The total number of entries requested across read ranges in the read request is too large.",
    ),
    breaks: true,
  },
  {
    name: "server's ranges",
    error: refused("Too many read ranges requested in one read request."),
    breaks: true,
  },
  // What passes, or says nothing about the call.
  { name: "read only", error: refused("This database is read only."), breaks: false },
  { name: "a foreign counter", error: refused("Failed to perform 'sum' mutation"), breaks: false },
  {
    name: "an overloaded server",
    error: answered("429 Too Many Requests", "Too many requests"),
    breaks: false,
  },
  {
    name: "a broken server",
    error: answered("500 Internal Server Error", "Too many open files"),
    breaks: false,
  },
  { name: "a lock", error: new TypeError("database is locked"), breaks: false },
  { name: "another error", error: new Error("Too many open files"), breaks: false },
  { name: "a text", error: "Too many checks (max 100)", breaks: false },
  { name: "nothing", error: undefined, breaks: false },
];

for (const { name, error, breaks } of CASES) {
  Deno.test(`breaksLimit answers ${breaks} for ${name}`, () => {
    assert.equal(breaksLimit(error), breaks);
  });
}
