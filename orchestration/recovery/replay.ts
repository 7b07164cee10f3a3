import { type AnyRecoveryDocument, compileRules } from "./compile_rules.ts";
import type { RecoveryActionDict } from "./recovery_action_dict.ts";
import { type NewRules, type RecordedChain, replayChain } from "./replay_chain.ts";
import { replayLimits } from "./replay_limits.ts";
import type { ReplayChange, ReplayReport } from "./replay_report.ts";

/** Options of {@link replayHistory}. */
export interface ReplayOptions {
  /**
   * By what it is told whether it is a dry run: `recorded`, as it was then, or `document`, as the new
   * document says.
   *
   * @default "recorded"
   */
  readonly dryRun?: "recorded" | "document";
}

/**
 * Makes recorded decisions again, by another document: what would have differed. Each decision is made
 * by the inputs that were recorded with it; where one before it in its chain differs, by what follows
 * from that. Steps that are new are decided by what was recorded for their chain, and are marked as
 * assumed. By the document that was in force, nothing differs.
 *
 * Not guaranteed: what would really have happened. See `limits` in the report.
 *
 * @param entries The history, in any order; more than one lane if need be.
 * @param document The other document, as its schema gives it.
 * @param options How to take dry runs.
 * @returns Every decision, as it was and as it is now.
 * @throws {ConditionError} when a condition of the document cannot be read.
 *
 * @example What a higher threshold would have changed
 * ```ts
 * import { parseConfig, recoveryPoliciesSchema } from "@baton/orchestration/config";
 * import { EnhancedRecoveryOrchestrator, replayHistory } from "@baton/orchestration/orchestration";
 *
 * const policy = (threshold: number) => `
 * recovery_policies:
 *   crash: { severity_threshold: ${threshold}, escalation_chain: [{ action: restart }] }
 * `;
 * const { config } = await parseConfig(policy(0.5), recoveryPoliciesSchema);
 * const recovery = new EnhancedRecoveryOrchestrator({ config });
 * recovery.registerAction("restart", () => "restarted");
 * await recovery.handleAnomaly({ anomalyType: "crash", severityScore: 0.6 });
 * await recovery.processPending();
 * const history = await recovery.getActionHistory();
 *
 * const stricter = await parseConfig(policy(0.7), recoveryPoliciesSchema);
 * if (replayHistory(history, config).differs) throw new Error("by the same document?");
 * const { decisions } = replayHistory(history, stricter.config);
 * if (decisions[0]?.change !== "gone") throw new Error("it is below the threshold");
 * ```
 */
export function replayHistory(
  entries: readonly RecoveryActionDict[],
  document: AnyRecoveryDocument,
  { dryRun = "recorded" }: ReplayOptions = {},
): ReplayReport {
  const by: NewRules = {
    document,
    rules: compileRules(document, null),
    isDryRunByDocument: dryRun === "document",
  };
  const decisions = chainsOf(entries).flatMap((chain) => replayChain(chain, by));
  const count = (change: ReplayChange) => decisions.filter((each) => each.change === change).length;
  const counts = {
    replayed: decisions.filter(({ id }) => id !== null).length,
    same: count("same"),
    changed: count("changed"),
    added: count("added"),
    gone: count("gone"),
    unknown: count("unknown"),
    assumed: decisions.filter(({ assumed }) => assumed).length,
  };
  return {
    differs: counts.same < decisions.length,
    counts,
    decisions,
    limits: replayLimits(entries, decisions),
  };
}

/** @returns The chains of a history, and the anomalies that began none, by when they began. */
function chainsOf(entries: readonly RecoveryActionDict[]): readonly RecordedChain[] {
  const ordered = entries.toSorted((a, b) =>
    Date.parse(a.timestamp) - Date.parse(b.timestamp) || a.seq - b.seq
  );
  const chains = new Map<string, RecoveryActionDict[]>();
  const known = new Set<string>();
  for (const entry of ordered) {
    if (known.has(`${entry.lane} ${entry.seq}`)) continue; // files may overlap
    known.add(`${entry.lane} ${entry.seq}`);
    const key = entry.chain_id === "" ? entry.id : `${entry.lane} ${entry.chain_id}`;
    const chain = chains.get(key);
    if (chain === undefined) chains.set(key, [entry]);
    else chain.push(entry);
  }
  const refused = new Map<string, RecoveryActionDict>();
  return [...chains.values()].map((chain) => {
    chain.sort((a, b) => a.step - b.step);
    const folded = foldedOf(chain, refused);
    for (const entry of chain) refused.set(placeOf(entry, entry.step), entry);
    return { entries: chain, folded };
  });
}

/** A refusal like the one before it has no entry: it is counted there. */
function foldedOf(
  chain: readonly RecoveryActionDict[],
  refused: ReadonlyMap<string, RecoveryActionDict>,
): ReadonlyMap<number, RecoveryActionDict> {
  const [first] = chain;
  const folded = new Map<number, RecoveryActionDict>();
  for (let step = 1; first !== undefined && step <= first.steps; step++) {
    const before = refused.get(placeOf(first, step));
    if (before !== undefined && before.repeats > 0) folded.set(step, before);
  }
  return folded;
}

function placeOf({ lane, anomaly_type: type }: RecoveryActionDict, step: number): string {
  return `${lane} ${step} ${type}`;
}
