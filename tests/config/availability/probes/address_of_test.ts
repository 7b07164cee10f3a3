import assert from "node:assert/strict";
import { addressOf } from "../../../../config/availability/probes/address_of.ts";

const ADDRESSES = [
  { hostname: "example.org", address: "example.org:5432" },
  { hostname: "127.0.0.1", address: "127.0.0.1:5432" },
  { hostname: "::1", address: "[::1]:5432" },
];

Deno.test("addressOf puts a port behind a host, in brackets where that is needed", () => {
  for (const { hostname, address } of ADDRESSES) {
    assert.equal(addressOf(hostname, 5432), address, hostname);
  }
});
