import assert from "node:assert/strict";
import { sendUserEvent } from "../../../engines/events/send_user_event.ts";
import type { UserEventSink } from "../../../engines/events/user_event_sink.ts";
import { anEvent } from "./events.ts";

const cases: { name: string; send: () => unknown; outcome: string }[] = [
  { name: "says nothing", send: () => undefined, outcome: "taken" },
  { name: "says yes", send: () => true, outcome: "taken" },
  { name: "says taken", send: () => "taken", outcome: "taken" },
  { name: "says something else", send: () => "message-7", outcome: "taken" },
  { name: "says null", send: () => null, outcome: "taken" },
  { name: "says no", send: () => false, outcome: "failed" },
  { name: "says why not", send: () => "too_large", outcome: "too_large" },
  {
    name: "throws",
    send: () => {
      throw new Error("gone");
    },
    outcome: "failed",
  },
];

Deno.test("sendUserEvent says at once what a sink says at once", () => {
  for (const { name, send, outcome } of cases) {
    assert.equal(sendUserEvent({ send } as UserEventSink, anEvent()), outcome, name);
  }
});

Deno.test("sendUserEvent says later what a sink says later, and does not reject", async () => {
  for (const { name, send, outcome } of cases) {
    const sink = { send: () => Promise.try(send) } as UserEventSink;
    assert.equal(await sendUserEvent(sink, anEvent()), outcome, name);
  }
});

Deno.test("sendUserEvent is not harmed by a promise that is none", async () => {
  const then = () => {
    throw new Error("no");
  };
  const sinks: { name: string; answer: unknown; outcome: string }[] = [
    { name: "that throws", answer: { then }, outcome: "failed" },
    {
      name: "that returns nothing",
      answer: { then: (done: (said: unknown) => void) => done("taken") },
      outcome: "taken",
    },
    {
      name: "that rejects twice",
      answer: {
        then: (_: unknown, failed: (why: unknown) => void) => {
          failed(new Error("boom"));
          return Promise.resolve().then(() => {});
        },
      },
      outcome: "failed",
    },
    { name: "that cannot be called", answer: { then: 7 }, outcome: "taken" },
  ];
  for (const { name, answer, outcome } of sinks) {
    const sink = { send: () => answer } as unknown as UserEventSink;
    assert.equal(await sendUserEvent(sink, anEvent()), outcome, name);
  }
});
