import assert from "node:assert/strict";
import { keyTextFault } from "../../../engines/durable/key_text_fault.ts";
import { checkRunStoreKey } from "../../../engines/durable/run_store_key.ts";
import { runKeys } from "../../../engines/durable/stored_run.ts";

const REFUSED = [
  { name: "an empty one", text: "", fault: /not empty/ },
  { name: "201 characters", text: "x".repeat(201), fault: /at most 200 characters, got 201/ },
  { name: "492 bytes", text: "語".repeat(164), fault: /at most 490 bytes as UTF-8, got 492/ },
  { name: "half a surrogate pair", text: "\ud800", fault: /well-formed/ },
  { name: "NUL", text: "a\0", fault: /without NUL/ },
];

for (const { name, text, fault } of REFUSED) {
  Deno.test(`keyTextFault says what is wrong with a text of ${name}`, () => {
    assert.match(keyTextFault(text) ?? "", fault);
  });
}

Deno.test("keyTextFault passes what fits into every key of a run, whatever stands beside it", () => {
  const longest = ["x".repeat(200), `${"語".repeat(163)}x`, "😀".repeat(100)];
  for (const one of longest) {
    assert.equal(keyTextFault(one), null);
    for (const other of longest) {
      checkRunStoreKey(runKeys.run(one));
      checkRunStoreKey(runKeys.owner(one));
      checkRunStoreKey(runKeys.result(one, other));
      checkRunStoreKey(runKeys.begun(one, other));
      checkRunStoreKey(runKeys.open(one, other));
      checkRunStoreKey(runKeys.ended(new Date(0).toISOString(), one));
    }
  }
});
