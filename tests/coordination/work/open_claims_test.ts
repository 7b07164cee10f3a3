import assert from "node:assert/strict";
import type { Claim } from "../../../coordination/work/claim.ts";
import { OpenClaims } from "../../../coordination/work/open_claims.ts";

Deno.test("OpenClaims counts what is in force, and forgets what is not", () => {
  const claims = new OpenClaims();
  let asked = 0;
  let over = new Set<number>();
  const claim = (n: number) => ({ isValid: () => (asked++, !over.has(n)) }) as unknown as Claim;
  for (let n = 0; n < 10; n++) claims.add(claim(n));
  over = new Set([1, 2, 3]);
  assert.equal(claims.count, 7);
  over = new Set(Array.from({ length: 100_000 }, (_, n) => n));
  for (let n = 0; n < 100_000; n++) claims.add(claim(n));
  asked = 0;
  assert.equal(claims.count, 0);
  assert.ok(asked <= 32, `${asked} were kept though nobody counted`);
});

Deno.test("OpenClaims asks each claim few times although many are open", () => {
  const claims = new OpenClaims();
  let asked = 0;
  for (let n = 0; n < 10_000; n++) {
    claims.add({ isValid: () => (asked++, true) } as unknown as Claim);
  }
  assert.ok(asked < 20_000, `${asked} questions`);
});
