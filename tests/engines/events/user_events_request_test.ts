import assert from "node:assert/strict";
import {
  readUserEventsRequest,
  readUserEventsToken,
} from "../../../engines/events/user_events_request.ts";

const URL_HERE = "https://app.example/events";

function ask(query = "", headers: Record<string, string> = {}): Request {
  return new Request(URL_HERE + query, { headers: { upgrade: "websocket", ...headers } });
}

Deno.test("readUserEventsRequest accepts pages of this server and of listed origins, and no others", () => {
  const cases: { name: string; origin: string | null; listed?: string[]; status?: 403 }[] = [
    { name: "no page", origin: null },
    { name: "a page of this server", origin: "https://app.example" },
    { name: "a listed page", origin: "https://b.example", listed: ["https://b.example"] },
    { name: "a page of another server", origin: "https://b.example", status: 403 },
    { name: "another port", origin: "https://app.example:8443", status: 403 },
    { name: "another scheme", origin: "http://app.example", status: 403 },
    { name: "a longer name", origin: "https://app.example.evil", status: 403 },
    { name: "a sandboxed page", origin: "null", status: 403 },
    {
      name: "a page below a listed one",
      origin: "https://x.b.example",
      listed: ["https://b.example"],
      status: 403,
    },
    { name: "a star, which is no origin", origin: "https://b.example", listed: ["*"], status: 403 },
  ];
  for (const { name, origin, listed = [], status } of cases) {
    const asked = readUserEventsRequest(ask("", origin === null ? {} : { origin }), listed);
    assert.equal(asked.kind === "refused" ? asked.status : undefined, status, name);
  }
});

Deno.test("readUserEventsRequest reads where the client stopped", () => {
  const cases = [
    { query: "", from: { after: null, channel: null } },
    { query: "?after=0", from: { after: 0, channel: null } },
    { query: "?after=42&channel=c-1", from: { after: 42, channel: "c-1" } },
  ];
  for (const { query, from } of cases) {
    assert.deepEqual(
      readUserEventsRequest(ask(query), []),
      { kind: "accepted", from, protocol: null },
      query,
    );
  }
  for (const after of ["", "-1", "1.5", "x", "1e3", "9".repeat(16)]) {
    const asked = readUserEventsRequest(ask(`?after=${after}`), []);
    assert.equal(asked.kind === "refused" && asked.status, 400, after);
  }
});

Deno.test("readUserEventsRequest refuses what is no WebSocket", () => {
  const asked = readUserEventsRequest(new Request(URL_HERE), []);
  assert.equal(asked.kind === "refused" && asked.status, 426);
});

Deno.test("readUserEventsRequest agrees to our subprotocol and to no other", () => {
  const cases: [offered: string, protocol: string | null][] = [
    ["baton.events, baton.token.abc", "baton.events"],
    ["x,baton.events", "baton.events"],
    ["baton.token.abc", null],
    ["chat", null],
  ];
  for (const [offered, protocol] of cases) {
    const asked = readUserEventsRequest(ask("", { "sec-websocket-protocol": offered }), []);
    assert.equal(asked.kind === "accepted" && asked.protocol, protocol, offered);
  }
});

Deno.test("readUserEventsToken finds the token in the subprotocols, or else in the query", () => {
  const cases: { name: string; query?: string; offered?: string; token: string | null }[] = [
    { name: "none", token: null },
    { name: "subprotocol", offered: "baton.events, baton.token.abc", token: "abc" },
    { name: "query", query: "?token=a%20b", token: "a b" },
    { name: "both", query: "?token=q", offered: "baton.token.p", token: "p" },
    { name: "empty", query: "?token=", token: null },
    { name: "empty subprotocol", offered: "baton.events, baton.token.", token: null },
    { name: "other subprotocols", offered: "baton.events, token.abc", token: null },
  ];
  for (const { name, query = "", offered, token } of cases) {
    const headers = offered === undefined ? {} : { "sec-websocket-protocol": offered };
    assert.equal(readUserEventsToken(new Request(URL_HERE + query, { headers })), token, name);
  }
});
