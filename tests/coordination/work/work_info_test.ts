import assert from "node:assert/strict";
import { WorkStatus } from "../../../enums/work_status.ts";
import { WorkInfo } from "../../../coordination/work/work_info.ts";

const info = new WorkInfo({
  id: "w",
  status: WorkStatus.COMPLETED,
  payload: { a: [1] },
  labels: { zone: "eu" },
  priority: -3,
  attempt: 2,
  maxAttempts: 5,
  assignee: "a",
  progress: 0.5,
  result: { sum: 1 },
  error: null,
  createdAt: "2026-01-01T00:00:00.000Z",
  updatedAt: "2026-01-01T00:00:01.000Z",
});

Deno.test("WorkInfo goes over the wire in snake_case, and back", () => {
  assert.deepEqual(JSON.parse(JSON.stringify(info)), {
    id: "w",
    status: "completed",
    payload: { a: [1] },
    labels: { zone: "eu" },
    priority: -3,
    attempt: 2,
    max_attempts: 5,
    assignee: "a",
    progress: 0.5,
    result: { sum: 1 },
    error: null,
    created_at: "2026-01-01T00:00:00.000Z",
    updated_at: "2026-01-01T00:00:01.000Z",
  });
  assert.deepEqual(WorkInfo.fromDict(JSON.parse(JSON.stringify(info))), info);
});

Deno.test("WorkInfo fromDict names the first field that is not what it should be", () => {
  const cases: { dict: unknown; message: RegExp }[] = [
    { dict: null, message: /expected an object, got null/ },
    { dict: { ...info.toDict(), id: 1 }, message: /"id" to be a text/ },
    { dict: { ...info.toDict(), status: "lost" }, message: /"status" to be one of waiting, ready/ },
    { dict: { ...info.toDict(), labels: { a: 1 } }, message: /"labels" to be an object of texts/ },
    { dict: { ...info.toDict(), attempt: "2" }, message: /"attempt" to be a number/ },
    { dict: { id: "w", status: "dead" }, message: /"payload" to be there/ },
  ];
  for (const { dict, message } of cases) {
    assert.throws(() => WorkInfo.fromDict(dict), { name: "TypeError", message });
  }
});
