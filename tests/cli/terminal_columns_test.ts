import assert from "node:assert/strict";
import { terminalColumns } from "../../cli/terminal_columns.ts";
import { fakeIo } from "./fake_io.ts";

Deno.test("terminalColumns sets no limit where no terminal shows results", () => {
  assert.equal(terminalColumns(fakeIo()), null);
});
