import assert from "node:assert/strict";
import { layerServiceRules } from "../../../config/schemas/layer_service_rules.ts";
import { contradictions, layersText } from "./layers_text.ts";

Deno.test("layerServiceRules finds services that are not described, do not agree, or need each other", async () => {
  assert.deepEqual(layerServiceRules({ layers: {}, service_dependencies: {} }), []);
  const cases = [
    { name: "an alias is as good", services: { postgres: {} }, needed: ["postgresql"], found: [] },
    { name: "a service of one's own", services: { mail: {} }, needed: ["mail"], found: [] },
    {
      name: "not described",
      services: { redis: {} },
      needed: ["rediss"],
      found: ['error layers.a.required_services[0]: an undefined service, did you mean "redis"?'],
    },
    {
      name: "depends on nothing known",
      services: { redis: { depends_on: ["mail"] } },
      needed: [],
      found: [
        "error service_dependencies.redis.depends_on[0]: a service that depends on an undefined one",
      ],
    },
    {
      name: "twice under two names",
      services: { postgres: {}, postgresql: {} },
      needed: [],
      found: ["error service_dependencies.postgresql: the same service as postgres"],
    },
    {
      name: "a circle through an alias",
      services: { backend: { depends_on: ["auth"] }, auth: { depends_on: ["backend_service"] } },
      needed: [],
      found: ["error service_dependencies.backend.depends_on: services that depend on each other"],
    },
    {
      name: "itself",
      services: { redis: { depends_on: ["redis"] } },
      needed: [],
      found: ["error service_dependencies.redis.depends_on: services that depend on each other"],
    },
  ];
  for (const { name, services, needed, found } of cases) {
    const layers = { a: { required_services: needed } };
    assert.deepEqual(
      await contradictions(layersText(layers, { service_dependencies: services })),
      found,
      name,
    );
  }
});

Deno.test("layerServiceRules looks into overrides as well", async () => {
  const layers = { a: { environment_overrides: { dev: { required_services: ["mail"] } } } };
  assert.deepEqual(await contradictions(layersText(layers)), [
    "error layers.a.environment_overrides.dev.required_services[0]: an undefined service",
  ]);
});
