import assert from "node:assert/strict";
import { canonicalServiceName } from "../../enums/canonical_service_name.ts";

/** The names that the three vocabularies use for each service. */
const names: Record<string, readonly string[]> = {
  postgres: ["postgres", "postgresql", "PostgreSQL"],
  redis: ["redis", "Redis"],
  clickhouse: ["clickhouse", "ClickHouse"],
  backend: ["backend", "backend_service"],
  auth: ["auth", "auth_service", "AUTH_SERVICE"],
  frontend: ["frontend", "frontend_service"],
  websocket: ["websocket", "websocket_server", "websocket_service"],
};

Deno.test("canonicalServiceName finds the service behind each of its names", () => {
  for (const [service, spellings] of Object.entries(names)) {
    for (const spelling of spellings) assert.equal(canonicalServiceName(spelling), service);
  }
});

Deno.test("canonicalServiceName is undefined for what is no service", () => {
  const values = ["", "postgres ", "mysql", "service", "constructor", "__proto__", null, 1, [
    "auth",
  ]];
  for (const value of values) assert.equal(canonicalServiceName(value), undefined, String(value));
});
