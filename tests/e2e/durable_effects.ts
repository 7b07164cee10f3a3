/** What a step of a durable run left behind: one line of a file. */
export interface DurableEffect {
  readonly run: string;
  readonly step: string;
  readonly attempt: number;
  /** The process that did it. */
  readonly by: string;
}

/** @returns What steps left behind in a folder, in the order in which they did. */
export async function readDurableEffects(folder: string): Promise<DurableEffect[]> {
  const text = await Deno.readTextFile(`${folder}/effects`).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  });
  return text.split("\n").slice(0, -1).map((line) => JSON.parse(line));
}
