import assert from "node:assert/strict";
import {
  CONFIG_KINDS,
  detectKind,
  readRecoveryKind,
  recoveryKindOf,
  schemaOf,
} from "../../cli/config_kind.ts";

Deno.test("detectKind goes by the keys at the root, then by the name", () => {
  const cases = [
    { path: "x.yaml", text: "layers: {}", kind: "layers" },
    { path: "recovery.yaml", text: "execution_config: {}", kind: "layers" },
    { path: "x.json", text: '{ "recovery_policies": {} }', kind: "policies" },
    { path: "x.yaml", text: "redis: {}", kind: "recovery" },
    { path: "a/test_layers.yaml", text: "metadata: {}", kind: "layers" },
    { path: "recovery_policies.yml", text: "enabled: true", kind: "policies" },
    { path: "recovery.yaml", text: "a: [", kind: "recovery" },
    { path: "x.yaml", text: "components: {}", kind: "health" },
    { path: "health.yaml", text: "interval: 5", kind: "health" },
    { path: "layers/x.yaml", text: "a: { layers: 1 }", kind: null },
  ];
  for (const { path, text, kind } of cases) assert.equal(detectKind(path, text), kind, path + text);
});

Deno.test("schemaOf gives each kind a schema of its own", () => {
  assert.equal(new Set(CONFIG_KINDS.map((kind) => schemaOf(kind).name)).size, CONFIG_KINDS.length);
});

Deno.test("schemaOf checks conditions and templates of handlers as well", async () => {
  const chain = [{ action: "mend", condition: "severity >" }];
  const policies = { recovery_policies: { crash: { escalation_chain: chain } } };
  const outcome = await schemaOf("policies").parse(policies);
  assert.equal(outcome.kind, "invalid");
  const handlers = { mend: { notify: { message: "{{nonsense}}" } } };
  for (const kind of ["policies", "recovery"] as const) {
    assert.equal((await schemaOf(kind).parse({ handlers })).kind, "invalid", kind);
  }
});

Deno.test("recoveryKindOf tells the two kinds of recovery files, and refuses others", () => {
  const cases = [
    { path: "x.yaml", text: "recovery_policies: {}", kind: "policies" },
    { path: "recovery.yaml", text: "enabled: true", kind: "recovery" },
    { path: "x.yaml", text: null, kind: "policies" },
  ] as const;
  for (const { path, text, kind } of cases) {
    const expected = { kind, schema: schemaOf(kind) };
    assert.deepEqual(recoveryKindOf(path, text, "--policy"), expected, `${path} ${text}`);
  }
  for (const text of ["components: {}", "enabled: true"]) {
    assert.throws(() => recoveryKindOf("x.yaml", text, "--policy"), {
      code: "CONFIG_KIND",
      exitCode: 2,
    });
  }
});

Deno.test("readRecoveryKind goes by the name of a file that cannot be read", async () => {
  const found = await readRecoveryKind("no/such/recovery.yaml", "--policy");
  assert.deepEqual(found, { kind: "recovery", schema: schemaOf("recovery") });
  assert.equal((await readRecoveryKind("no/such/file.yaml", "--policy")).kind, "policies");
});
