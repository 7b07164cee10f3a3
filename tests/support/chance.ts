/** Runs a test in a world in which nobody may use `Math.random`. */
export async function withoutAmbientChance(test: () => Promise<void>): Promise<void> {
  const { random } = Math;
  let uses = 0;
  Math.random = () => {
    uses++;
    return random();
  };
  try {
    await test();
  } finally {
    Math.random = random;
  }
  if (uses > 0) throw new Error(`Math.random was used ${uses} times`);
}
