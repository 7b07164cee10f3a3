import type { RecoveryNotice } from "./notifier.ts";

/** The longest text and the longest name that Slack is shown, in UTF-16 units. */
const TEXT_MAX = 1_500;
const NAME_MAX = 200;

/** What Slack's incoming webhooks take. */
export interface SlackMessage {
  /** The message, in Slack's mrkdwn. */
  readonly text: string;
}

/**
 * Puts a notice into two lines: what happened, then the action, cause, node and channel. Nothing in a
 * notice can mention anybody, make a link with a name of its own, or begin a line.
 *
 * @param notice What happened.
 * @returns What to send.
 */
export function slackMessage(notice: RecoveryNotice): SlackMessage {
  const { kind, priority, text, action, cause, node, channel } = notice;
  const urgency = priority === null ? "" : ` [${shown(priority, NAME_MAX)}]`;
  const facts = [["action", action], ["cause", cause], ["node", node], ["for", channel]] as const;
  const line = facts
    .flatMap(([name, value]) => value === null ? [] : [`${name}: ${shown(value, NAME_MAX)}`])
    .join(" · ");
  return { text: `*${shown(kind, NAME_MAX)}*${urgency} ${shown(text, TEXT_MAX)}\n${line}` };
}

/** @returns The text on one line, not long, with what steers Slack escaped as Slack asks for. */
function shown(text: string, max: number): string {
  const line = text.replace(/[\s\p{Cc}]+/gu, " ").trim();
  const short = line.length > max ? `${line.slice(0, max)}…` : line;
  return short.toWellFormed()
    .replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
