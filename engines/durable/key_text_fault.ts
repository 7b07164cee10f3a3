import { showValue } from "../../enums/show_value.ts";

const LENGTH_MAX = 200;
/** Two of them, and what else stands in a key, are within what a store takes of a key. */
const BYTES_MAX = 490;

const utf8 = new TextEncoder();

/**
 * Says whether a text can be a part of the keys of any run: the id of a user or of a run, or the name
 * of a step. One that passes can be recorded whatever the others are.
 *
 * @param text The text.
 * @returns What is wrong with it, as in "must have at most 200 characters, got 201"; null for nothing.
 */
export function keyTextFault(text: string): string | null {
  if (typeof text !== "string" || text === "") {
    return `must be a text that is not empty, got ${showValue(text)}`;
  }
  if (text.length > LENGTH_MAX) {
    return `must have at most ${LENGTH_MAX} characters, got ${text.length}`;
  }
  if (!text.isWellFormed() || text.includes("\0")) return "must be well-formed and without NUL";
  const bytes = utf8.encode(text).length;
  return bytes > BYTES_MAX ? `must have at most ${BYTES_MAX} bytes as UTF-8, got ${bytes}` : null;
}
