import assert from "node:assert/strict";
import { LIMIT_CASES } from "./kv_contract_limits.ts";
import { LIST_CASES } from "./kv_contract_lists.ts";
import { VALUE_CASES } from "./kv_contract_values.ts";
import { WATCH_CASES } from "./kv_contract_watches.ts";
import { WRITE_CASES } from "./kv_contract_writes.ts";

/** What every store must do. */
export interface KvCase {
  /** Says so. */
  readonly name: string;
  /** Shows it on an empty store; may close it. */
  readonly run: (kv: Deno.Kv) => Promise<void>;
}

/** A store that the contract is checked on. */
export interface KvSubject {
  /** Which one. */
  readonly name: string;
  /** Opens an empty one. */
  readonly open: () => Promise<Deno.Kv>;
  /** Waits for what a case does, and lets time pass where that is simulated. */
  readonly settle: (kv: Deno.Kv, running: Promise<void>) => Promise<void>;
}

const CASES: readonly KvCase[] = [
  ...VALUE_CASES,
  ...WRITE_CASES,
  ...LIST_CASES,
  ...LIMIT_CASES,
  ...WATCH_CASES,
];

/** Checks the whole contract on a store. */
export function testKvContract(subject: KvSubject): void {
  assert.equal(new Set(CASES.map(({ name }) => name)).size, CASES.length);
  for (const { name, run } of CASES) {
    Deno.test(`Kv contract, ${subject.name}: ${name}`, async () => {
      using kv = await subject.open();
      await subject.settle(kv, run(kv));
    });
  }
}
