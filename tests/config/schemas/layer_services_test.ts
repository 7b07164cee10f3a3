import assert from "node:assert/strict";
import { services } from "../../../config/schemas/layer_services.ts";

Deno.test("services have the documented defaults", () => {
  assert.deepEqual(services.parse({ redis: {} }), {
    redis: {
      startup_timeout_seconds: 30,
      health_check_endpoint: null,
      health_check_command: null,
      required_for_layers: [],
      depends_on: [],
      build_required: false,
    },
  });
});

Deno.test("services take endpoints as paths, hosts with ports, and URLs", () => {
  const good = [
    "/health",
    "localhost:5432",
    "localhost:8000/health",
    "https://x.example/a",
    "http://h:1",
  ];
  const bad = ["", "health", "localhost", "ftp://x", "a b:80", "x:99999999", "http://"];
  for (const [endpoints, ok] of [[good, true], [bad, false]] as const) {
    for (const health_check_endpoint of endpoints) {
      const { success } = services.safeParse({ redis: { health_check_endpoint } });
      assert.equal(success, ok, health_check_endpoint);
    }
  }
});
