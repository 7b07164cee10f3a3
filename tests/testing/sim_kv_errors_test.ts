import assert from "node:assert/strict";
import * as errors from "../../testing/sim_kv_errors.ts";

const ERRORS: readonly {
  readonly make: () => Error;
  readonly name: string;
  readonly message: RegExp;
}[] = [
  { make: errors.badResource, name: "BadResource", message: /^Bad resource ID$/ },
  { make: errors.databaseLocked, name: "TypeError", message: /^database is locked$/ },
  { make: errors.storeAway, name: "TypeError", message: /^disk I\/O error$/ },
  { make: errors.requestLost, name: "Error", message: /^error sending request/ },
  { make: errors.replyLost, name: "Error", message: /^error reading response/ },
  { make: errors.noQueues, name: "TypeError", message: /^Enqueue operations are not supported/ },
];

for (const { make, name, message } of ERRORS) {
  Deno.test(`${make.name} gives what a real client throws`, () => {
    const error = make();
    assert.equal(error.name, name);
    assert.match(error.message, message);
    assert.notEqual(make(), error);
  });
}

Deno.test("connectError gives the store's message as text, and the error as cause", () => {
  const cause = new TypeError("no");
  const error = errors.connectError(cause);
  assert.equal(error.name, "Error");
  assert.match(error.message, /^KV Connect failed to call .*status=400 Bad Request\): no$/);
  assert.equal(error.cause, cause);
});
