import assert from "node:assert/strict";
import { recordableResult } from "../../../engines/durable/recordable_result.ts";
import { completed } from "../../support/step_results.ts";

Deno.test("recordableResult leaves what a store takes, and fails what is a byte larger", () => {
  const sized = (length: number) => completed("data", { result: "x".repeat(length) });
  const bytes = (length: number) =>
    JSON.stringify({
      result: sized(length).toDict(),
      nonce: crypto.randomUUID(),
    }).length;
  const fits = sized(60_000 - bytes(0));
  assert.equal(recordableResult(fits), fits);
  const failed = recordableResult(sized(60_001 - bytes(0)));
  assert.equal(failed.status, "failed");
  assert.match(failed.error ?? "", /The result is 1 bytes too large/);
  assert.equal(recordableResult(failed), failed);
});
