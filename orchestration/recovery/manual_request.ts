import { copyJson } from "../../enums/records/json_value.ts";
import { isObject } from "../../enums/records/field.ts";
import { InvalidRecordError, type RecordFault } from "../../enums/records/invalid_record_error.ts";
import { isMoment } from "./stored_values.ts";

/** An action that somebody asks for. */
export interface ManualTrigger {
  /** The action. */
  readonly actionType: string;
  /**
   * Why, for people.
   *
   * @default "Manual trigger"
   */
  readonly reason?: string;
  /**
   * Who asks.
   *
   * @default nobody said
   */
  readonly actor?: string;
  /**
   * What the action is given: plain data, at most 8,000 bytes as JSON.
   *
   * @default {}
   */
  readonly params?: Readonly<Record<string, unknown>>;
  /**
   * Whether it may run in a phase in which it is not allowed.
   *
   * @default false
   */
  readonly force?: boolean;
}

/** An action that was asked for, as it waits in the storage. */
export interface ManualRequest {
  /** Identifies it. */
  readonly id: string;
  /** The action. */
  readonly action: string;
  /** Why, for people. */
  readonly reason: string;
  /** Who asks; null when nobody said. */
  readonly actor: string | null;
  /** What the action is given. */
  readonly params: Readonly<Record<string, unknown>>;
  /** Whether it may run in any phase. */
  readonly force: boolean;
  /** When it was asked for, in ms since 1970. */
  readonly atMs: number;
  /** Which node was asked. */
  readonly node: string;
}

const ID_MAX_CHARS = 200;
const NAME_MAX_CHARS = 100;
const TEXT_MAX_CHARS = 500;
const PARAMS_MAX_BYTES = 8_000;
const encoder = new TextEncoder();

/** @returns What an event with wire keys asks for, unchecked; what is null counts as left out. */
export function triggerOf(event: Readonly<Record<string, unknown>>): ManualTrigger {
  const { action_type, reason, actor, params, force } = event as Record<string, unknown>;
  const given = Object.entries({ reason, actor, params, force })
    .filter(([, value]) => value !== undefined && value !== null);
  return { actionType: action_type, ...Object.fromEntries(given) } as ManualTrigger;
}

/**
 * Checks what is asked for, and makes it a request.
 *
 * @throws {InvalidRecordError} when something is missing or cannot be, all of it at once.
 */
export function requestOf(
  trigger: ManualTrigger,
  { node, nowMs }: { readonly node: string; readonly nowMs: number },
): ManualRequest {
  const { actionType, reason = "Manual trigger", actor = null, params = {}, force = false } =
    isObject(trigger) ? trigger : {} as ManualTrigger;
  const faults: RecordFault[] = [];
  const check = (path: string, isRight: boolean, wanted: string) => {
    if (!isRight) faults.push({ path, message: `must be ${wanted}` });
  };
  check("actionType", isText(actionType, NAME_MAX_CHARS), `1 to ${NAME_MAX_CHARS} characters`);
  check("reason", isText(reason, TEXT_MAX_CHARS), `1 to ${TEXT_MAX_CHARS} characters`);
  check(
    "actor",
    actor === null || isText(actor, TEXT_MAX_CHARS),
    `1 to ${TEXT_MAX_CHARS} characters`,
  );
  check("force", typeof force === "boolean", "true or false");
  check("params", isObject(params), "an object");
  const copy = isObject(params) ? copyJson(params, "params", faults) : {};
  const isShort = encoder.encode(JSON.stringify(copy) ?? "").length <= PARAMS_MAX_BYTES;
  check("params", isShort, `at most ${PARAMS_MAX_BYTES} bytes as JSON`);
  if (faults.length > 0) throw new InvalidRecordError("ManualTrigger", faults);
  return {
    id: crypto.randomUUID(),
    action: actionType,
    reason,
    actor,
    params: copy as Readonly<Record<string, unknown>>,
    force,
    atMs: nowMs,
    node,
  };
}

/** @returns The stored request; null when it is none. */
export function decodeRequest(value: unknown): ManualRequest | null {
  const read = value as ManualRequest | null;
  const isRequest = isObject(read) && isText(read.id, ID_MAX_CHARS) &&
    isText(read.action, NAME_MAX_CHARS) && isText(read.reason, TEXT_MAX_CHARS) &&
    (read.actor === null || isText(read.actor, TEXT_MAX_CHARS)) && isObject(read.params) &&
    typeof read.force === "boolean" && isMoment(read.atMs) && typeof read.node === "string";
  return isRequest ? read : null;
}

function isText(value: unknown, maxChars: number): boolean {
  return typeof value === "string" && value !== "" && value.length <= maxChars;
}
