import type { RecoveryActionDict } from "./recovery_action_dict.ts";
import type { ReplayedDecisionDict } from "./replay_report.ts";

/** What a replay never knows. */
const ALWAYS: readonly string[] = [
  "Only what is in the history is replayed: what nobody looked at, no threshold was passed for, or " +
  "no component was watched for, is not in it.",
  "Only decisions are replayed: what actions are given, time limits, retries and verification are not.",
  "Who decides, phases and which actions can be done are taken as recorded.",
];

/**
 * Says what a replay cannot know about a history.
 *
 * @param entries The history.
 * @param decisions What was replayed.
 * @returns Sentences for people.
 */
export function replayLimits(
  entries: readonly RecoveryActionDict[],
  decisions: readonly ReplayedDecisionDict[],
): readonly string[] {
  const news = decisions.filter(({ recorded, replayed }) =>
    replayed === "run" && recorded !== "run"
  );
  const repeats = entries.reduce((sum, entry) => sum + entry.repeats, 0);
  const isOther = decisions.some(({ change }) => change !== "same");
  return [
    ...isOther
      ? [
        "What follows from a difference is told within its chain only: cooldowns, freezes and limits " +
        "are as they were.",
      ]
      : [],
    ...news.length > 0
      ? [
        `What would have become of ${news.length} actions that run now and never ran is not known.`,
      ]
      : [],
    ...repeats > 0
      ? [`${repeats} refusals were only counted with the one before them, and are not replayed.`]
      : [],
    ...ALWAYS,
  ];
}
