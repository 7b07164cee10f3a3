import { type Agent, defineWorkflow, type WorkflowStepInput } from "@baton/orchestration/engines";
import { systemClock } from "@baton/orchestration/clock";

/** Fewer words than this are not worth counting. */
const WORDS_MIN = 3;
const TOP_WORDS = 3;

/** The work takes no time: the pauses are there so that one can see it go on. */
const PAUSE_MS = 300;

/** Splits the text, and says whether there is enough of it. */
const triage: Agent = async ({ input, signal, think }) => {
  const words = wordsOf(input);
  think(`Found ${words.length} words`, 50);
  await systemClock.sleep(PAUSE_MS, { signal });
  return { words: words.length, is_enough: words.length >= WORDS_MIN };
};

/** Counts the words. */
const data: Agent = async ({ input, signal, think }) => {
  const counts = new Map<string, number>();
  for (const word of wordsOf(input)) counts.set(word, (counts.get(word) ?? 0) + 1);
  think(`Counted ${counts.size} different words`, 50);
  await systemClock.sleep(PAUSE_MS, { signal });
  const top = [...counts].sort(([, a], [, b]) => b - a).slice(0, TOP_WORDS);
  return { different: counts.size, top: top.map(([word, count]) => ({ word, count })) };
};

/** Puts what the others found into a sentence; it is told of what failed or was skipped as well. */
const reporting: Agent = async ({ input, signal, think }) => {
  const { results } = input as WorkflowStepInput;
  think("Writing the report", 50);
  await systemClock.sleep(PAUSE_MS, { signal });
  const found = results["data"] as { different: number; top: { word: string; count: number }[] };
  if (found === undefined) return { report: `Too short: give me ${WORDS_MIN} words or more.` };
  const top = found.top.map(({ word, count }) => `“${word}” (${count})`).join(", ");
  return { report: `${found.different} different words, most often ${top}.` };
};

/** The agents of every user; what they know comes with each call. */
export const AGENTS: ReadonlyMap<string, Agent> = new Map([
  ["triage", triage],
  ["data", data],
  ["reporting", reporting],
]);

/** Triage, then the data if there is enough, and a report whatever happened. */
export const WORKFLOW = defineWorkflow({
  name: "word-statistics",
  steps: [
    { name: "triage", stepType: "classification" },
    {
      name: "data",
      stepType: "insights",
      dependsOn: ["triage"],
      when: (results) =>
        (results.get("triage")?.result as { is_enough?: boolean } | null)?.is_enough === true,
    },
    { name: "reporting", stepType: "full_report", always: true },
  ],
});

function wordsOf(input: unknown): string[] {
  const { text } = (input as WorkflowStepInput).state as { text: string };
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}
