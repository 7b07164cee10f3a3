/** What stands in the place of a secret. */
export const REDACTED = "[REDACTED]";

/** `api_key` is found by `key`; it is named because the rule names it. */
const SECRET = /password|secret|key|token|apikey|auth|credential/;

/**
 * Says whether what stands under a key must not be shown. Letter case, separators and look-alike
 * letters of other widths make no difference. It errs on the safe side: `author` counts too.
 *
 * @param key The key.
 * @returns Whether it contains a word for a secret.
 */
export function isSecretKey(key: string): boolean {
  if (SECRET.test(key)) return true;
  return SECRET.test(key.normalize("NFKC").toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, ""));
}

/**
 * Says whether a value names a secret whose value stands beside it, as in `["password", "…"]`.
 *
 * @param value Anything.
 * @returns Whether it is a single word that contains a word for a secret.
 */
export function isSecretName(value: unknown): boolean {
  return typeof value === "string" && value.length <= 64 && !/\s/.test(value.trim()) &&
    isSecretKey(value);
}
