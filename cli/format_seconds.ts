const UNITS: readonly (readonly [name: string, seconds: number])[] = [
  ["d", 86_400],
  ["h", 3_600],
  ["m", 60],
  ["s", 1],
];

/**
 * Says for how long, for people.
 *
 * @param seconds A number of seconds, from 0.
 * @returns Its two largest units, such as "23 h 59 m" or "45 s".
 */
export function formatSeconds(seconds: number): string {
  let rest = Math.round(seconds);
  const parts = UNITS.map(([name, unit]) => {
    const count = Math.floor(rest / unit);
    rest -= count * unit;
    return { name, count };
  });
  const first = parts.findIndex(({ count }) => count > 0);
  if (first === -1) return "0 s";
  return parts.slice(first, first + 2).filter(({ count }) => count > 0)
    .map(({ name, count }) => `${count} ${name}`).join(" ");
}
