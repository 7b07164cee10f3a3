/**
 * Signing in, as an example has it: whoever says a name is believed, and gets it back signed. A real
 * application asks for proof first, and lets tokens end.
 */

const HMAC = { name: "HMAC", hash: "SHA-256" } as const;
/** Without "=", which a subprotocol of a WebSocket cannot hold. */
const BASE64URL = { alphabet: "base64url", omitPadding: true } as const;
/** Of this process alone: nobody is signed in any more when it starts again. */
const secret = await crypto.subtle.importKey(
  "raw",
  crypto.getRandomValues(new Uint8Array(32)),
  HMAC,
  false,
  ["sign", "verify"],
);

/** @returns A token that says who the user is: the name and its signature, both in base64url. */
export async function tokenOf(user: string): Promise<string> {
  const name = new TextEncoder().encode(user);
  const signature = new Uint8Array(await crypto.subtle.sign(HMAC, secret, name));
  return [name, signature].map((bytes) => bytes.toBase64(BASE64URL)).join(".");
}

/** @returns The user whose token it is; null when this process did not sign it. */
export async function userOf(token: string | null): Promise<string | null> {
  try {
    const [name, signature] = (token ?? "").split(".").map((part) =>
      Uint8Array.fromBase64(part, { alphabet: BASE64URL.alphabet })
    );
    if (name === undefined || signature === undefined) return null;
    // `verify` takes the same time whatever is wrong with the signature.
    const isSigned = await crypto.subtle.verify(HMAC, secret, signature, name);
    return isSigned ? new TextDecoder().decode(name) : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null; // no base64url
    throw error;
  }
}
