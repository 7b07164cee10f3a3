import type { RecoveryNotice } from "../../../orchestration/recovery/notifier.ts";

/** @returns A notice; what matters to a test is given. */
export function aNotice(fields: Partial<RecoveryNotice> = {}): RecoveryNotice {
  return {
    kind: "recovery_action_failed",
    timestamp: "2026-11-21T13:00:00.000Z",
    text: "It timed out",
    action: "circuit_restart",
    cause: "high_latency",
    node: "node-1",
    channel: null,
    priority: null,
    details: {},
    ...fields,
  };
}
