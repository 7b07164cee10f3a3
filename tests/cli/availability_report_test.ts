import assert from "node:assert/strict";
import {
  findMissing,
  renderAvailability,
  renderAvailabilityJson,
} from "../../cli/availability_report.ts";
import { DENIED, JUNK, ON, sampleAvailability } from "../config/availability/sample_status.ts";

const status = sampleAvailability([
  ["orchestrator", "no \u001b[31mroom"],
  ["master_orchestration", "no KV", ON],
  ["background_e2e", null, DENIED],
  ["docker", null, JUNK],
]);

Deno.test("findMissing names what is required and unavailable", () => {
  assert.deepEqual(findMissing(status, []), []);
  assert.deepEqual(findMissing(status, ["docker", "background_e2e", "orchestrator"]), [
    "docker",
    "orchestrator",
  ]);
});

Deno.test("renderAvailability shows a row for each feature, overrides and what is missing", () => {
  assert.equal(
    renderAvailability(status, ["docker"]),
    [
      "FEATURE               FOR                         AVAILABLE  DETAIL",
      "orchestrator          about orchestrator          no         no \ufffd[31mroom",
      "master_orchestration  about master_orchestration  yes        " +
      "by ORCHESTRATION_MASTER_ORCHESTRATION_AVAILABLE, masking: no KV",
      "background_e2e        about background_e2e        yes        -",
      "docker                about docker                no         " +
      'ORCHESTRATION_DOCKER_AVAILABLE is "maybe", ' +
      "expected one of true, 1, yes, on, false, 0, no, off",
      'info: Environment overrides active: {"ORCHESTRATION_DOCKER_AVAILABLE":false,' +
      '"ORCHESTRATION_MASTER_ORCHESTRATION_AVAILABLE":true}',
      "info: Environment overrides cannot be read: --allow-env=ORCHESTRATION_*",
      "Required but unavailable: docker",
      "",
    ].join("\n"),
  );
});

Deno.test("renderAvailability tells of an ORCHESTRATION_DEBUG that is no boolean", () => {
  const text = renderAvailability(sampleAvailability([["docker", null]], JUNK), []);
  assert.match(text, /\nwarning: ORCHESTRATION_DEBUG is "maybe", expected one of true, .*\n$/);
});

Deno.test("renderAvailabilityJson is one document with the wire form and the issues", () => {
  const text = renderAvailabilityJson(status, ["docker", "background_e2e"]);
  const document = JSON.parse(text);
  assert.deepEqual(Object.keys(document), [
    "apiVersion",
    ...Object.keys(status.toDict()),
    "unreadable_overrides",
    "issues",
    "required_features",
    "missing_features",
  ]);
  assert.deepEqual(document.missing_features, ["docker"]);
  assert.deepEqual(document.required_features, ["docker", "background_e2e"]);
  assert.deepEqual(document.unreadable_overrides, ["ORCHESTRATION_BACKGROUND_E2E_AVAILABLE"]);
  assert.equal(document.issues[0].severity, "warning");
});
