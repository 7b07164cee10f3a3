import { missingPermission } from "../config/availability/probes/missing_permission.ts";
import type { AnyRecoveryDocument } from "../orchestration/recovery/compile_rules.ts";

/** @returns Which permission is missing to tell Slack; null for none, or when it is not to be told. */
export async function missingForSlack({ logging }: AnyRecoveryDocument): Promise<string | null> {
  if (logging.slack_webhook === "" || !URL.canParse(logging.slack_webhook)) return null;
  const { host } = new URL(logging.slack_webhook);
  return await missingPermission({ name: "net", host });
}

/** @returns The programs that the handlers of a file run, and what ends them. */
export function programsOf({ handlers }: AnyRecoveryDocument): readonly string[] {
  const programs = Object.values(handlers).flatMap((each) => [
    ..."exec" in each ? each.exec.argv.slice(0, 1) : [],
    ...each.verify !== null && "command" in each.verify ? each.verify.command.argv.slice(0, 1) : [],
  ]);
  return programs.length === 0 ? [] : [...new Set([...programs, "kill"])];
}
