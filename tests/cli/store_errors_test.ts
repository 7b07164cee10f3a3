import assert from "node:assert/strict";
import { explainFileError, explainRemoteError } from "../../cli/store_errors.ts";
import { DeadlineError } from "../../coordination/deadline.ts";

const FILE = { kind: "file", path: "a.db", folder: "." } as const;
const SERVER = { kind: "remote", url: "http://kv", host: "kv" } as const;

Deno.test("explainFileError tells what the messages of SQLite and the system mean", () => {
  const cases = [
    ["file is not a database", "STORE_DAMAGED"],
    ["database disk image is malformed", "STORE_DAMAGED"],
    ["attempt to write a readonly database", "STORE_NOT_WRITABLE"],
    ["Permission denied (os error 13), mkdir '/x'", "STORE_NOT_WRITABLE"],
    ["unable to open database file: /x/a.db", "STORE_NOT_WRITABLE"],
    ["Not a directory (os error 20)", "STORE_NOT_WRITABLE"],
    ["File exists (os error 17): mkdir 'a.db'", "STORE_NOT_WRITABLE"],
    ["database or disk is full", "STORE_FULL"],
    ["database is locked", "STORE_BUSY"],
    ["something new", "STORE_UNAVAILABLE"],
  ] as const;
  for (const [message, code] of cases) {
    const error = explainFileError(FILE, new Error(message));
    assert.equal(error.code, code, message);
    assert.equal(error.exitCode, 3);
    assert.match(error.message, /^Cannot open the store at a\.db: /);
    assert.notEqual(error.hint, "");
  }
});

Deno.test("explainRemoteError keeps what matters of a chain of messages", () => {
  const refused = "Could not open Deno KV database: failed to connect to 'http://kv/': error " +
    "sending request: client error (Connect): tcp connect error: Connection refused (os error 111)";
  const cases = [
    [new TypeError(refused), "STORE_UNREACHABLE", "Connection refused"],
    [new DeadlineError(5_000), "STORE_UNREACHABLE", "no answer within 5000 ms"],
    [new Error("status 401 Unauthorized"), "STORE_REFUSED", "it refuses the access token"],
    ["text", "STORE_UNREACHABLE", "text"],
  ] as const;
  for (const [thrown, code, what] of cases) {
    const error = explainRemoteError(SERVER, thrown);
    assert.equal(error.code, code);
    assert.equal(error.message, `Cannot reach the store at http://kv: ${what}`);
  }
});
