import assert from "node:assert/strict";
import type { ModeOwner } from "../../enums/mode_owner.ts";
import { type FallbackClaim, FallbackClaims } from "../../health/fallback_claims.ts";

const claim = (owner: ModeOwner, untilMs = Infinity): FallbackClaim => {
  return { owner, mode: "SAFE", reason: "why", actor: null, untilMs };
};
const owners = (claims: FallbackClaims) => claims.list().map(({ owner }) => owner);

Deno.test("FallbackClaims lists the highest owner first, in whatever order they came", () => {
  const claims = new FallbackClaims();
  for (const owner of ["cascade", "consensus", "operator", "recovery"] as const) {
    claims.put(claim(owner));
  }
  assert.deepEqual(owners(claims), ["operator", "recovery", "consensus", "cascade"]);
});

Deno.test("FallbackClaims holds one claim of each owner", () => {
  const claims = new FallbackClaims();
  claims.put(claim("operator", 1));
  claims.put(claim("operator", 2));
  assert.deepEqual(claims.list(), [claim("operator", 2)]);
  assert.deepEqual(claims.take("operator"), claim("operator", 2));
  assert.equal(claims.take("operator"), undefined);
});

Deno.test("FallbackClaims takes away what has expired and gives it back", () => {
  const claims = new FallbackClaims();
  claims.put(claim("operator", 100));
  claims.put(claim("recovery", 101));
  assert.deepEqual(claims.expire(99), []);
  assert.deepEqual(claims.expire(100), [claim("operator", 100)]);
  assert.deepEqual(owners(claims), ["recovery"]);
});
