import type { ClosedSet, MemberOf } from "./closed_set.ts";
import { enumValues, isEnumValue } from "./enum_values.ts";
import { ENUMS } from "./registry.ts";
import { showValue } from "./show_value.ts";

/** Something is not a member of the closed set that it should come from. */
export class UnknownEnumValueError extends Error {
  /** Tells this error from others. */
  override readonly name = "UnknownEnumValueError";
  /** A stable code for programs. */
  readonly code = "UNKNOWN_ENUM_VALUE";
  /** The set's name. */
  readonly enumName: string;
  /** What was given. */
  readonly value: unknown;
  /** The set's members in the order of their declaration. */
  readonly allowed: readonly string[];

  /**
   * Makes the error.
   *
   * @param enumName The set's name.
   * @param value What was given.
   * @param allowed The set's members.
   */
  constructor(enumName: string, value: unknown, allowed: readonly string[]) {
    super(`Cannot read ${showValue(value)} as ${enumName}: allowed are ${allowed.join(", ")}`);
    this.enumName = enumName;
    this.value = value;
    this.allowed = Object.freeze([...allowed]);
  }
}

/**
 * Reads a member of a closed set. Nothing is trimmed, and letter case counts: what reaches this
 * function was written by a program. `isEnumValue` asks the same without throwing; `canonical` reads
 * the spellings of people and of older programs.
 *
 * @param set The const object.
 * @param value What was read.
 * @param enumName The set's name for the error. @default its name in `ENUMS`, else "enum"
 * @returns The value.
 * @throws {UnknownEnumValueError} when it is not one of the set's texts.
 *
 * @example Read and refuse
 * ```ts
 * import { BackgroundTaskStatus, parseEnumValue } from "@baton/orchestration/enums";
 *
 * const status: BackgroundTaskStatus = parseEnumValue(BackgroundTaskStatus, "running");
 * if (status !== BackgroundTaskStatus.RUNNING) throw new Error("unreachable");
 * try {
 *   parseEnumValue(BackgroundTaskStatus, "Running");
 *   throw new Error("unreachable");
 * } catch (error) {
 *   if (!(error instanceof Error && error.name === "UnknownEnumValueError")) throw error;
 * }
 * ```
 */
export function parseEnumValue<E extends ClosedSet>(
  set: E,
  value: unknown,
  enumName?: string,
): MemberOf<E> {
  if (isEnumValue(set, value)) return value;
  throw new UnknownEnumValueError(
    enumName ?? registeredName(set) ?? "enum",
    value,
    enumValues(set),
  );
}

function registeredName(set: ClosedSet): string | undefined {
  return Object.keys(ENUMS).find((name) => ENUMS[name] === set);
}
