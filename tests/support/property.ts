import fc from "fast-check";

const RUNS = 500;

function newSeed(): number {
  const given = Deno.env.get("BATON_SEED");
  return given === undefined ? crypto.getRandomValues(new Int32Array(1))[0]! : Number(given);
}

function failure(seed: number, error: unknown): Error {
  return new Error(`Failed with BATON_SEED=${seed}: ${error}`, { cause: error });
}

/**
 * Checks a property over many random inputs. Set `BATON_SEED` to the seed that a failure printed to
 * see it again.
 */
export function checkProperty<T>(property: fc.IProperty<T>, numRuns: number = RUNS): void {
  const seed = newSeed();
  try {
    fc.assert(property, { seed, numRuns });
  } catch (error) {
    throw failure(seed, error);
  }
}

/** Checks an asynchronous property, as {@link checkProperty} does. */
export async function checkAsyncProperty<T>(
  property: fc.IAsyncProperty<T>,
  numRuns: number,
): Promise<void> {
  const seed = newSeed();
  try {
    await fc.assert(property, { seed, numRuns });
  } catch (error) {
    throw failure(seed, error);
  }
}
