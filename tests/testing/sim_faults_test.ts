import assert from "node:assert/strict";
import { checkFaults, drawSpan, type SimFaults } from "../../testing/sim_faults.ts";

const REFUSED: readonly { readonly faults: SimFaults; readonly message: RegExp }[] = [
  { faults: { busy: -0.1 }, message: /^busy must be a probability from 0 to 1, got -0\.1$/ },
  { faults: { tornList: 1.1 }, message: /^tornList must be/ },
  { faults: { zombie: NaN }, message: /^zombie must be/ },
  { faults: { latency: { minMs: 0, maxMs: 1, heavyTailShare: 2 } }, message: /heavyTailShare/ },
  { faults: { latency: { minMs: -1, maxMs: 1 } }, message: /^latency must be from 0 ms up/ },
  { faults: { zombieDelay: { minMs: 0, maxMs: NaN } }, message: /^zombieDelay must be/ },
  { faults: { busy: 0.6, hang: 0.6 }, message: /must sum up to at most 1, got 1\.2$/ },
];

for (const { faults, message } of REFUSED) {
  Deno.test(`checkFaults refuses ${JSON.stringify(faults)}`, () => {
    assert.throws(() => checkFaults(faults), { name: "RangeError", message });
  });
}

Deno.test("checkFaults takes no faults, and probabilities up to 1", () => {
  checkFaults({});
  checkFaults({ busy: 0.5, hang: 0.5, tornList: 1, latency: { minMs: 0, maxMs: 0 } });
});

Deno.test("drawSpan stays in its span, which is never less than its shortest", () => {
  assert.equal(drawSpan({ minMs: 2, maxMs: 10 }, () => 0), 2);
  assert.equal(drawSpan({ minMs: 2, maxMs: 10 }, () => 0.5), 6);
  assert.equal(drawSpan({ minMs: 2, maxMs: 1 }, () => 0.5), 2);
});
