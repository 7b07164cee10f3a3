import {
  type Agent,
  defineWorkflow,
  type Tool,
  UserFacingError,
  type WorkflowStepInput,
} from "@baton/orchestration/engines";
import { systemClock } from "@baton/orchestration/clock";

/** Fewer words than this are not worth counting. */
const WORDS_MIN = 3;
const TOP_WORDS = 3;
const WORD_MAX_CHARS = 30;

interface Counts {
  readonly different: number;
  readonly top: readonly { readonly word: string; readonly count: number }[];
}

/** Counts words. Like any tool it may fail: here, at a word that is too long. */
const countWords: Tool = ({ text }): Counts => {
  const counts = new Map<string, number>();
  for (const word of wordsOf(String(text))) {
    if (word.length > WORD_MAX_CHARS) throw new UserFacingError("There is a word that is too long");
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const top = [...counts].sort(([, a], [, b]) => b - a).slice(0, TOP_WORDS);
  return { different: counts.size, top: top.map(([word, count]) => ({ word, count })) };
};

/** The tools of every user's agents. */
export const TOOLS: ReadonlyMap<string, Tool> = new Map([["count_words", countWords]]);

/**
 * @param pauseMs How long an agent takes for what takes no time, so that one can see it go on.
 * @returns The agents of every user; what they know comes with each call.
 */
export function makeAgents(pauseMs: number): ReadonlyMap<string, Agent> {
  /** Splits the text, and says whether there is enough of it. */
  const triage: Agent = async ({ input, signal, think }) => {
    const { length } = wordsOf(textOf(input));
    think(`Found ${length} words`, 50);
    await systemClock.sleep(pauseMs, { signal });
    return { words: length, is_enough: length >= WORDS_MIN };
  };

  /** Has the words counted. */
  const data: Agent = async ({ input, signal, think, callTool }) => {
    think("Counting the words", 50);
    await systemClock.sleep(2 * pauseMs, { signal });
    return await callTool("count_words", { text: textOf(input) });
  };

  /** Puts what the others found into a sentence; it is told of what failed or was skipped as well. */
  const reporting: Agent = async ({ input, signal, think }) => {
    const { results } = input as WorkflowStepInput;
    think("Writing the report", 50);
    await systemClock.sleep(pauseMs, { signal });
    if (!isEnough(results["triage"])) {
      return { report: `Too short: give me ${WORDS_MIN} words or more.` };
    }
    const found = results["data"] as Counts | undefined;
    if (found === undefined) return { report: "The words could not be counted." };
    const top = found.top.map(({ word, count }) => `“${word}” (${count})`).join(", ");
    return { report: `${found.different} different words, most often ${top}.` };
  };

  return new Map([["triage", triage], ["data", data], ["reporting", reporting]]);
}

/** Triage, then the data if there is enough, and a report whatever happened. */
export const WORKFLOW = defineWorkflow({
  name: "word-statistics",
  steps: [
    { name: "triage", stepType: "classification" },
    {
      name: "data",
      stepType: "insights",
      dependsOn: ["triage"],
      when: (results) => isEnough(results.get("triage")?.result),
    },
    { name: "reporting", stepType: "full_report", always: true },
  ],
});

function isEnough(triaged: unknown): boolean {
  return (triaged as { is_enough?: boolean } | null | undefined)?.is_enough === true;
}

function textOf(input: unknown): string {
  return ((input as WorkflowStepInput).state as { text: string }).text;
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}
