import { isArray, showUnreadable, showValue } from "../../enums/show_value.ts";
import { unknownOptions } from "../option_names.ts";
import { InvalidContextError } from "./context_errors.ts";

/** Which ids are accepted although they look like placeholders. */
export interface ContextIdRules {
  /**
   * Ids that are accepted as they are, in lower case.
   *
   * @default default_user, default_admin, default_system, default_account, default_service,
   * default_client, default_guest
   */
  readonly allowedIds?: readonly string[];
  /**
   * Beginnings of ids that are accepted, in lower case: `["test_"]` in an environment of tests.
   *
   * @default none
   */
  readonly allowedPrefixes?: readonly string[];
}

/** Most characters of an id. */
const MAX_ID_LENGTH = 256;

/** Ids that stand for nobody, in lower case. */
const PLACEHOLDERS: ReadonlySet<string> = new Set([
  "registry",
  "placeholder",
  "default",
  "temp",
  "none",
  "null",
  "undefined",
  "0",
  "1",
  "xxx",
  "yyy",
  "example",
  "test",
  "demo",
  "sample",
  "template",
  "mock",
  "fake",
  "dummy",
]);

const PLACEHOLDER_PATTERN =
  /^(?:placeholder|registry|temp|example|demo|sample|template|mock|fake|default|test)_/;

const DEFAULT_RULES: Required<ContextIdRules> = {
  allowedIds: [
    "default_user",
    "default_admin",
    "default_system",
    "default_account",
    "default_service",
    "default_client",
    "default_guest",
  ],
  allowedPrefixes: [],
};

const MAX_RULES = 1000;

/**
 * What tells two ids apart without being seen, or cannot be written as UTF-8: control and format
 * characters, what is drawn as nothing, blanks other than the space, halves of surrogate pairs.
 */
const UNSEEN =
  /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}\u2800]|(?! )\p{Zs}/u;

/**
 * Checks an id for form: a text of 1 to 256 characters that does not begin or end with blanks, has
 * none that cannot be seen, and is in Unicode's normal form C, so that what looks the same is the same.
 * It is not brought into that form here: an id that the caller does not know again would be of no use.
 *
 * @param field The id's name on the wire.
 * @param value The id.
 * @returns The id.
 * @throws {InvalidContextError} when it is none.
 */
export function checkIdForm(field: string, value: unknown): string {
  if (typeof value !== "string" || value.trim() === "") {
    refuse(field, `Required field '${field}' must be a non-empty string, got ${showValue(value)}`);
  }
  if (value.length > MAX_ID_LENGTH) {
    refuse(
      field,
      `Field '${field}' must have at most ${MAX_ID_LENGTH} characters, got ${value.length}`,
    );
  }
  if (UNSEEN.test(value) || value !== value.trim()) {
    const got = showValue(value);
    refuse(field, `Field '${field}' must not have outer blanks or unseen characters, got ${got}`);
  }
  if (value !== value.normalize("NFC")) {
    refuse(
      field,
      `Field '${field}' must be in Unicode's normal form C, as normalize("NFC") makes it, ` +
        `got ${showValue(value)}`,
    );
  }
  return value;
}

/**
 * Checks what an operation is called, and so the name of a child context: it has the form of an id.
 *
 * @param operation What the operation is called.
 * @returns It.
 * @throws {InvalidContextError} when it cannot be the name of an operation.
 */
export function checkOperationName(operation: unknown): string {
  return checkIdForm("operation_name", operation);
}

/**
 * Checks an id of a user, thread or run: its form, and that it stands for somebody. However long it
 * is, a placeholder's prefix makes it one, and so it does in letters of full width, say.
 *
 * @param field The id's name on the wire.
 * @param value The id.
 * @param rules Which placeholders are accepted.
 * @returns The id.
 * @throws {InvalidContextError} when it is none, or a placeholder.
 */
export function checkId(field: string, value: unknown, rules: Required<ContextIdRules>): string {
  const id = checkIdForm(field, value);
  const lower = plainForm(id);
  if (rules.allowedIds.includes(lower)) return id;
  if (rules.allowedPrefixes.some((prefix) => lower.startsWith(prefix))) return id;
  if (PLACEHOLDERS.has(lower)) {
    refuse(field, `Field '${field}' contains forbidden placeholder value: ${showValue(id)}`);
  }
  if (lower.startsWith("default_")) {
    const allowed = rules.allowedIds.filter((each) => each.startsWith("default_")).join(", ");
    refuse(
      field,
      `Field '${field}' contains placeholder pattern: ${showValue(id)}; of those that begin with ` +
        `"default_", these are allowed: ${allowed === "" ? "none" : allowed}`,
    );
  }
  if (PLACEHOLDER_PATTERN.test(lower)) {
    refuse(field, `Field '${field}' contains placeholder pattern: ${showValue(id)}`);
  }
  return id;
}

/**
 * Reads which placeholders are accepted.
 *
 * @param rules What the caller gave.
 * @returns The rules, each with its default.
 * @throws {InvalidContextError} when they are not lists of texts in lower case.
 */
export function readIdRules(rules: unknown): Required<ContextIdRules> {
  if (rules === undefined || rules === null) return DEFAULT_RULES;
  if (typeof rules !== "object") {
    refuse("id_rules", `idRules must be an object, got ${showValue(rules)}`);
  }
  try {
    for (const { path, message } of unknownOptions(rules, ["allowedIds", "allowedPrefixes"])) {
      refuse("id_rules", `idRules.${path} ${message}`);
    }
    return {
      allowedIds: readTexts(rules, "allowedIds"),
      allowedPrefixes: readTexts(rules, "allowedPrefixes"),
    };
  } catch (error) {
    if (error instanceof InvalidContextError) throw error;
    return refuse("id_rules", `idRules ${showUnreadable(error)}`);
  }
}

/** @returns The text in lower case, with plain letters for those of full width and the like. */
function plainForm(text: string): string {
  return text.normalize("NFKC").toLowerCase();
}

/** An empty prefix would mean all ids, and one in capitals none. */
function readTexts(rules: object, option: keyof ContextIdRules): readonly string[] {
  const list: unknown = Reflect.get(rules, option);
  if (list === undefined) return DEFAULT_RULES[option];
  if (!isArray(list) || list.length > MAX_RULES) {
    refuse("id_rules", `${option} must be an array of at most ${MAX_RULES} texts`);
  }
  return Array.from(list, (text: unknown) => {
    if (typeof text === "string" && text !== "" && text === plainForm(text)) return text;
    return refuse("id_rules", `${option} must hold texts in lower case, got ${showValue(text)}`);
  });
}

function refuse(field: string, message: string): never {
  throw new InvalidContextError(field, message);
}
