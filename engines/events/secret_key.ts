/** What stands in the place of a secret. */
export const REDACTED = "[REDACTED]";

/** `api_key` is found by `key`; it is named because the rule names it. */
const SECRET = /password|passwd|passphrase|secret|key|token|apikey|auth|credential/i;

/** Words that mean no secret although they contain a word that does. */
const ORDINARY =
  /^(?:monkey|donkey|turkey|whiskey|hockey|jockey|key(?:board|note|word|pad|frame|stroke|stone)|author|authored|authority|authentic|tokenizer|tokenize[dr]?)s?$/i;

/**
 * Says whether what stands under a key must not be shown. Letter case, separators and look-alike
 * letters of other widths make no difference. It errs on the safe side: only well-known other words,
 * as `author`, are left alone, and `max_tokens` is not.
 *
 * @param key The key.
 * @returns Whether it contains a word for a secret.
 */
export function isSecretKey(key: string): boolean {
  const isPlain = /^[\w-]*$/.test(key);
  const joined = isPlain
    ? key.replaceAll(/[_-]/g, "")
    : key.normalize("NFKC").replaceAll(/[^\p{L}\p{N}]/gu, "");
  return SECRET.test(joined) && SECRET.test(withoutOrdinary(key));
}

function withoutOrdinary(key: string): string {
  const words = key.normalize("NFKC").replaceAll(/(\p{Ll})(\p{Lu})/gu, "$1_$2")
    .split(/[^\p{L}\p{N}]+/u);
  return words.filter((word) => !ORDINARY.test(word)).join("");
}
