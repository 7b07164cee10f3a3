import assert from "node:assert/strict";
import {
  checkWaitOptions,
  checkWorkFilter,
  checkWorkItem,
} from "../../../coordination/work/check_input.ts";

Deno.test("checkWorkItem, checkWaitOptions and checkWorkFilter return what makes sense", () => {
  const item = { payload: 1, labels: {} };
  assert.equal(checkWorkItem(item), item);
  const options = { timeoutMs: 1, signal: new AbortController().signal };
  assert.equal(checkWaitOptions(options), options);
  assert.deepEqual(checkWaitOptions({ signal: undefined }), { signal: undefined });
  const filter = { status: "ready", assignee: "a", after: "", limit: 1_000 } as const;
  assert.equal(checkWorkFilter(filter), filter);
  assert.deepEqual(checkWorkFilter({}), {});
});

Deno.test("checkWorkItem, checkWaitOptions and checkWorkFilter name what makes none", () => {
  const junk = (value: unknown) => value as never;
  const cases: { call: () => unknown; name: string; message: string | RegExp }[] = [
    {
      call: () => checkWorkItem(junk(undefined)),
      name: "TypeError",
      message: "item must be an object, got undefined",
    },
    {
      call: () => checkWorkItem(junk([])),
      name: "TypeError",
      message: "item must be an object, got a list",
    },
    {
      call: () => checkWorkItem({ payload: 1, labels: junk("x") }),
      name: "TypeError",
      message: "labels must be an object, got string",
    },
    {
      call: () => checkWaitOptions(junk(null)),
      name: "TypeError",
      message: "options must be an object, got null",
    },
    {
      call: () => checkWaitOptions({ signal: junk({ throwIfAborted: () => {} }) }),
      name: "TypeError",
      message: "signal must be an AbortSignal, got object",
    },
    {
      call: () => checkWaitOptions({ signal: junk(null) }),
      name: "TypeError",
      message: "signal must be an AbortSignal, got null",
    },
    {
      call: () => checkWorkFilter({ status: junk("zzz") }),
      name: "TypeError",
      message: "status must be one of waiting, ready, claimed, completed, dead, got zzz",
    },
    {
      call: () => checkWorkFilter({ assignee: "" }),
      name: "TypeError",
      message: /^assignee must be a text/,
    },
    { call: () => checkWorkFilter({ after: junk(3) }), name: "TypeError", message: /^after must/ },
    { call: () => checkWorkFilter({ limit: 1_001 }), name: "RangeError", message: /^limit must/ },
    { call: () => checkWorkFilter({ limit: junk("9") }), name: "RangeError", message: /^limit/ },
  ];
  for (const { call, name, message } of cases) assert.throws(call, { name, message });
});
