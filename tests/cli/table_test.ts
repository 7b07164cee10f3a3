import assert from "node:assert/strict";
import { renderTable } from "../../cli/table.ts";

Deno.test("renderTable aligns columns by what is seen", () => {
  assert.equal(
    renderTable(["ID", "ROLE"], [["a", "leader"], ["東京-1", "-"], ["x\u001b", ""]]),
    "ID      ROLE\na       leader\n東京-1  -\nx\ufffd\n",
  );
});
