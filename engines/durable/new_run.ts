import type { JsonObject } from "../../enums/records/json_value.ts";
import { validateUserContext } from "../context/validate_user_context.ts";
import { plainData } from "../engine/plain_data.ts";
import type { NewRun } from "./durable_runs_options.ts";
import { endedRun, RUN_ERROR_MAX_LENGTH } from "./ended_run.ts";
import { keyTextFault } from "./key_text_fault.ts";
import { excessBytes } from "./run_store_change.ts";
import { ANY_NONCE, type StoredRun, writeRun } from "./stored_run.ts";

const FINGERPRINT = /^\S{1,200}$/u;

/**
 * Makes the record of a run that is to be started, and refuses what could not be recorded later.
 *
 * @param options The run.
 * @param createdAt When it is started, UTC ISO.
 * @returns The record.
 * @throws {TypeError} when the context is none, the state is nothing that JSON can carry, or the
 * fingerprint is no text of 1 to 200 characters without blanks.
 * @throws {RangeError} when an id is too long, or context and state are too large.
 */
export function storedRunOf(options: NewRun, createdAt: string): StoredRun {
  const { context, workflow, state = null, fingerprint = null } = options;
  const { runId, userId, threadId } = validateUserContext(context);
  for (const [field, id] of Object.entries({ runId, userId })) refuseId(field, id);
  refuseFingerprint(fingerprint);
  const run = {
    runId,
    userId,
    threadId,
    workflow,
    fingerprint,
    state: plainData("state", state),
    context: JSON.parse(JSON.stringify(context)) as JsonObject,
    status: "running" as const,
    createdAt,
    endedAt: null,
    error: null,
  };
  refuseTooLarge(run);
  return run;
}

function refuseId(field: string, id: string): void {
  const fault = keyTextFault(id);
  if (fault !== null) throw new RangeError(`Cannot start a durable run: its ${field} ${fault}`);
}

function refuseFingerprint(fingerprint: unknown): void {
  if (fingerprint === null) return;
  if (typeof fingerprint === "string" && FINGERPRINT.test(fingerprint)) return;
  throw new TypeError("fingerprint must be a text of 1 to 200 characters without blanks");
}

/** A run must be small enough to end: the record of its end is larger than that of its start. */
function refuseTooLarge(run: StoredRun): void {
  const last = endedRun(run, "cancelled", run.createdAt, "x".repeat(RUN_ERROR_MAX_LENGTH));
  const excess = excessBytes(writeRun(last, ANY_NONCE));
  if (excess === 0) return;
  const message = `its context and state are ${excess} bytes too large`;
  throw new RangeError(`Cannot start a durable run: ${message}`);
}
