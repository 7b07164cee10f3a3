import { DeadlineError } from "../coordination/deadline.ts";
import { CliError } from "./cli_error.ts";
import { ExitCode } from "./exit_codes.ts";
import type { StoreTarget } from "./store_target.ts";

interface Explanation {
  /** What the runtime says. */
  readonly sign: RegExp;
  readonly code: string;
  readonly what: string;
  readonly hint: string;
}

/** What SQLite and the file system say, and what it means; the first that fits counts. */
const FILE_EXPLANATIONS: readonly Explanation[] = [
  {
    sign: /not a database|malformed|disk image/,
    code: "STORE_DAMAGED",
    what: "it is not a Deno KV store, or it is damaged",
    hint: "Move the file away, restore it from a backup, or name another one with --kv",
  },
  {
    sign: /readonly|read-only|Permission denied|EROFS|EACCES|os error 13|os error 30/,
    code: "STORE_NOT_WRITABLE",
    what: "it cannot be written",
    hint: "Check the rights of the file and of its folder, or name another one with --kv",
  },
  {
    sign:
      /unable to open database file|No such file|Not a directory|File exists|os error 17|os error 20/,
    code: "STORE_NOT_WRITABLE",
    what: "it cannot be created or opened there",
    hint:
      "Check that the folder exists and that you may write in it, or name another file with --kv",
  },
  {
    sign: /disk is full|No space left/,
    code: "STORE_FULL",
    what: "the disk is full",
    hint: "Make room, or name a file on another disk with --kv",
  },
  {
    sign: /database is locked/,
    code: "STORE_BUSY",
    what: "another process keeps it locked",
    hint: "Find out which (lsof, fuser) and end it, or try again",
  },
];

/** @returns The error for a file that cannot be opened, made, or read. */
export function explainFileError(
  target: Extract<StoreTarget, { readonly kind: "file" }>,
  error: unknown,
): CliError {
  const text = textOf(error);
  const found = FILE_EXPLANATIONS.find((each) => each.sign.test(text));
  return storeError(`Cannot open the store at ${target.path}`, error, {
    code: found?.code ?? "STORE_UNAVAILABLE",
    what: found?.what ?? text,
    hint: found?.hint ?? "Check the file and its folder, or name another one with --kv",
  });
}

/** @returns The error for a server that cannot be reached. */
export function explainRemoteError(
  target: Extract<StoreTarget, { readonly kind: "remote" }>,
  error: unknown,
): CliError {
  const text = textOf(error);
  const refused = /401|403|[Uu]nauthorized|[Ff]orbidden|access token/.test(text);
  return storeError(`Cannot reach the store at ${target.url}`, error, {
    code: refused ? "STORE_REFUSED" : "STORE_UNREACHABLE",
    what: refused ? "it refuses the access token" : text,
    hint: refused
      ? "Set DENO_KV_ACCESS_TOKEN to the token that the server expects"
      : "Check the URL and that the server runs; coordinator and lock keep trying with --wait",
  });
}

function storeError(
  message: string,
  cause: unknown,
  explanation: Omit<Explanation, "sign">,
): CliError {
  return new CliError(`${message}: ${explanation.what}`, {
    code: explanation.code,
    exitCode: ExitCode.STORE,
    hint: explanation.hint,
    passing: true,
    cause,
  });
}

/** @returns What the innermost part of a chain of messages says; the parts before repeat the URL. */
function textOf(error: unknown): string {
  if (error instanceof DeadlineError) return error.message;
  const text = error instanceof Error ? error.message : String(error);
  return /tcp connect error: (.*?)(?: \(os error \d+\))?$/.exec(text)?.[1] ?? text;
}
