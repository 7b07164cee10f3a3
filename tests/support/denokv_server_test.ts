import assert from "node:assert/strict";
import { fromFileUrl } from "./paths.ts";
import { testWithProcesses } from "./real_processes.ts";

const ROOT = fromFileUrl(new URL("../../", import.meta.url));
const SUITE = "tests/remote/store_suite.ts";

testWithProcesses("a suite that needs denokv fails without it and says how to get it", async () => {
  for (const binary of ["", "/no/such/denokv"]) {
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["test", "--no-check", "--no-prompt", "--allow-env", "--allow-run", SUITE],
      cwd: ROOT,
      env: { PATH: "", NO_COLOR: "1", DENOKV_BIN: binary },
    }).output();
    const said = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
    assert.equal(code, 1, said);
    assert.match(said, /MissingDenokvError: .*cargo install denokv --locked/);
    assert.match(said, new RegExp(`"${binary || "denokv"}"`));
    assert.doesNotMatch(said, /\bok \|/);
  }
});
