import assert from "node:assert/strict";
import { configureSync, type LogRecord, resetSync } from "@logtape/logtape";
import { OrchestrationConfig } from "../../../config/availability/orchestration_config.ts";
import { AVAILABLE, unavailable } from "../../../config/availability/feature_probe.ts";
import { selectTier } from "../../../config/availability/select_tier.ts";
import { fixedEnv } from "../../../config/env_reader.ts";

function configWith(up: readonly string[], probed: string[] = []): OrchestrationConfig {
  const features = ["a", "b", "c"].map((name) => ({
    name,
    about: "",
    probe: () => {
      probed.push(name);
      return up.includes(name) ? AVAILABLE : unavailable(`no ${name}`);
    },
  }));
  return new OrchestrationConfig({ env: fixedEnv({}), features });
}

const TIERS = [
  { name: "full", needs: ["a", "b"], run: () => "full" },
  { needs: ["c", "c"], run: () => "second" },
  { name: "plain", needs: [], run: () => "plain" },
];

Deno.test("selectTier picks the richest tier that has what it needs", async () => {
  const full = { tier: "full", missing: [{ feature: "b", reason: "no b" }] };
  const second = { tier: "tier 2", missing: [{ feature: "c", reason: "no c" }] };
  const cases = [
    { up: ["a", "b", "c"], name: "full", skipped: [] },
    { up: ["a", "c"], name: "tier 2", skipped: [full] },
    { up: ["a"], name: "plain", skipped: [full, second] },
  ];
  for (const { up, name, skipped } of cases) {
    const selected = await selectTier(TIERS, { config: configWith(up) });
    assert.deepEqual([selected.name, selected.skipped], [name, skipped]);
    assert.equal(selected.run(), name === "tier 2" ? "second" : name);
  }
});

Deno.test("selectTier probes no more than it must", async () => {
  const probed: string[] = [];
  await selectTier(TIERS, { config: configWith(["a", "b"], probed) });
  assert.deepEqual(probed, ["a", "b"]);
});

Deno.test("selectTier throws NoTierError with everything that is missing", async () => {
  await assert.rejects(
    selectTier(TIERS.slice(0, 2), { config: configWith([]) }),
    {
      name: "NoTierError",
      code: "NO_TIER",
      message: "Cannot select a tier: full lacks a (no a), b (no b); tier 2 lacks c (no c)",
    },
  );
});

Deno.test("selectTier refuses no tiers, and unknown needs even of tiers it would not reach", async () => {
  const config = configWith(["a", "b"]);
  await assert.rejects(selectTier([], { config }), { name: "RangeError" });
  const tiers = [...TIERS, { needs: ["nowhere"], run: () => "" }];
  await assert.rejects(selectTier(tiers, { config }), { name: "UnknownFeatureError" });
});

Deno.test("selectTier logs what the richer tiers lack", async () => {
  const records: LogRecord[] = [];
  configureSync({
    reset: true,
    sinks: { list: (record) => records.push(record) },
    loggers: [
      { category: ["baton", "config"], sinks: ["list"], lowestLevel: "debug" },
      { category: ["logtape", "meta"], sinks: [] },
    ],
  });
  try {
    const config = configWith(["a", "b"]);
    await config.ready();
    records.length = 0;
    await selectTier(TIERS, { config });
    await selectTier(TIERS.slice(1), { config });
  } finally {
    resetSync();
  }
  assert.deepEqual(
    records.map(({ level, message }) => [level, message.join("")]),
    [
      ["debug", "Selected full, the richest tier"],
      ["warning", "Selected plain: tier 1 lacks c (no c)"],
    ],
  );
});
