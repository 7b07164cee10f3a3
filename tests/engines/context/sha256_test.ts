import assert from "node:assert/strict";
import { sha256 } from "../../../engines/context/sha256.ts";

async function digest(text: string): Promise<string> {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

Deno.test("sha256 does what the standard's example says", () => {
  const expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  assert.equal(sha256("abc"), expected);
});

Deno.test("sha256 agrees with the runtime at every length around the blocks", async () => {
  for (let length = 0; length <= 300; length++) {
    const text = Array.from({ length }, (_, i) => String.fromCodePoint(32 + (i * 37) % 500)).join(
      "",
    );
    assert.equal(sha256(text), await digest(text), `length ${length}`);
  }
});
