import { displayText } from "../config/display_text.ts";
import { formatDuration } from "./parse_duration.ts";

/** What a node says about itself when it starts. */
export interface GreetingFacts {
  readonly instanceId: string;
  readonly cluster: string;
  readonly store: string;
  readonly leaseMs: number;
  readonly pid: number;
}

/** @returns The first lines a person sees. */
export function greeting(facts: GreetingFacts): string {
  const lease = formatDuration(facts.leaseMs);
  return `Baton coordinator ${displayText(facts.instanceId)}
  store    ${displayText(facts.store)}
  cluster  ${displayText(facts.cluster)}
  lease    ${lease}
  pid      ${facts.pid}
Start it again in another terminal for a follower: it leads at once when this one stops (Ctrl-C),
and within ${lease} when this one is killed.
`;
}
