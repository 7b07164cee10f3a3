import assert from "node:assert/strict";
import type { CliError } from "../../cli/cli_error.ts";
import { orRefuse } from "../../cli/config_refusal.ts";
import { parseConfig } from "../../config/files/parse_config.ts";
import { healthSchema } from "../../config/schemas/health.ts";
import { ActionsRefusedError } from "../../orchestration/recovery/actions_refused_error.ts";

Deno.test("orRefuse gives what was loaded", async () => {
  assert.equal(await orRefuse(() => Promise.resolve(3)), 3);
});

Deno.test("orRefuse tells the faults of a file, a line each", async () => {
  const load = () => parseConfig("interval: x\ntimeout: y", healthSchema, { file: "h.yaml" });
  await assert.rejects(orRefuse(load), (error: CliError) => {
    const places = error.details.map((each) => each.split(" ")[0]);
    assert.deepEqual(places, ["h.yaml:1:11", "h.yaml:2:10"]);
    assert.deepEqual([error.message, error.exitCode], ["Cannot use h.yaml", 2]);
    return error.code === "CONFIG_INVALID";
  });
});

Deno.test("orRefuse tells the actions that need something, and passes on other errors", async () => {
  const refused = new ActionsRefusedError([{ action: "mend", reason: "--allow-run=mend" }]);
  await assert.rejects(orRefuse(() => Promise.reject(refused)), {
    code: "ACTIONS_REFUSED",
    exitCode: 2,
    details: ["mend: --allow-run=mend"],
  });
  const other = new Error("bug");
  await assert.rejects(orRefuse(() => Promise.reject(other)), (error) => error === other);
});
