import { isSecretKey, REDACTED } from "./secret_key.ts";

const LOOKED_AT_CHARS = 4_096;

const VALUE = String.raw`(?:(?:Bearer|Basic)\s+)?(?:"[^"]*"|'[^']*'|[^\s,;&]+)`;
const WORD =
  "password|passwd|passphrase|secret|api[_-]?key|credentials?|authorization|key|token|auth";

/** A name with a word for a secret in it, and what is given for it. */
const PAIR = new RegExp(
  String.raw`(?<![\w-])([\w-]{0,64}?(?:${WORD})[\w-]{0,64})(["']?\s?(?:=|:(?!//))\s?)(${VALUE})`,
  "gi",
);
const LOGIN = /:\/\/[^\s/?#]{1,512}@/g;
const SCHEME = /\b(Bearer|Basic)\s+([A-Za-z0-9._~+/=-]+)/gi;

/** Words whose value is a secret even when it looks like any other word. */
const PLAIN = /password|passwd|passphrase|secret|api[_-]?key|credential|authorization/i;

/**
 * Replaces what is obviously a secret in a text: `name=value` and `name: value` where the name means
 * a secret, `Bearer …`, and the login in `scheme://user:password@host`.
 *
 * Not guaranteed: that another secret is found; a text for users should hold none.
 *
 * @param text The text.
 * @returns The text without them; what comes after 4,096 characters is left out.
 */
export function redactText(text: string): string {
  return beginningOf(text)
    .replaceAll(LOGIN, `://${REDACTED}@`)
    .replaceAll(PAIR, (all, name: string, sign: string, value: string) => {
      if (!isSecretKey(name)) return all;
      const isSecret = sign.includes("=") || PLAIN.test(name) || looksRandom(value);
      return isSecret ? `${name}${sign}${REDACTED}` : all;
    })
    .replaceAll(
      SCHEME,
      (all, scheme: string, token: string) => looksRandom(token) ? `${scheme} ${REDACTED}` : all,
    );
}

/** Ends between words, for half a secret may not look like one. */
function beginningOf(text: string): string {
  if (text.length <= LOOKED_AT_CHARS) return text;
  const beginning = text.slice(0, LOOKED_AT_CHARS);
  return `${beginning.slice(0, Math.max(0, beginning.lastIndexOf(" ")))}…`;
}

/** Letters and digits together, or too long for a word. */
function looksRandom(value: string): boolean {
  return /^(?=.*\d)(?=.*[a-z]).{6}/i.test(value) || /[\w+/=-]{20}/.test(value);
}
