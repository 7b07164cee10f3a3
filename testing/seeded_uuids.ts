const VERSION_AT = 12;
const VARIANT_AT = 16;
const DIGITS = 32;
const HEX = 16;

/**
 * Lets `crypto.randomUUID` draw from a seed: nonces end up in keys, and their order in lists.
 *
 * @param random Values in [0, 1).
 * @returns Ends it.
 */
export function seedUuids(random: () => number): () => void {
  const original = Object.getOwnPropertyDescriptor(crypto, "randomUUID");
  const value = () => drawUuid(random);
  Object.defineProperty(crypto, "randomUUID", { value, configurable: true, writable: true });
  return () => {
    if (original) Object.defineProperty(crypto, "randomUUID", original);
    else Reflect.deleteProperty(crypto, "randomUUID");
  };
}

function drawUuid(random: () => number): string {
  let digits = "";
  for (let at = 0; at < DIGITS; at++) {
    const digit = Math.floor(random() * HEX);
    if (at === VERSION_AT) digits += "4";
    else digits += (at === VARIANT_AT ? 8 + digit % 4 : digit).toString(HEX);
  }
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
