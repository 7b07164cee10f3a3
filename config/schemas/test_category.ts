import { z } from "zod";
import { name, whole } from "./common_shapes.ts";

/** What a category of tests needs to run. All that is not said is not needed. */
export interface CategoryRequirements {
  /** Whether it needs PostgreSQL. */
  readonly requires_postgresql: boolean;
  /** Whether it needs Redis. */
  readonly requires_redis: boolean;
  /** Whether it needs the backend. */
  readonly requires_backend_service: boolean;
  /** Whether it needs the service for authentication. */
  readonly requires_auth_service: boolean;
  /** Whether it needs the frontend. */
  readonly requires_frontend_service: boolean;
  /** Whether it needs a real language model. */
  readonly requires_real_llm: boolean;
  /** Whether it needs real services instead of stand-ins. */
  readonly requires_real_services: boolean;
  /** Whether it needs the WebSocket server. */
  readonly requires_websocket_server: boolean;
  /** Whether it needs Node. */
  readonly requires_node_runtime: boolean;
  /** Whether it needs a built frontend. */
  readonly requires_frontend_build: boolean;
  /** How much memory it needs, in MiB, from 64 to 2,048. Default 128. */
  readonly min_memory_mb: number;
  /** Whether nothing else may run beside it. */
  readonly dedicated_resources: boolean;
}

/** Which tests belong to a category. */
export interface CategoryFilters {
  /** Words of which a test has at least one; all tests when there are none. */
  readonly include_patterns: readonly string[];
  /** Words of which a test has none. */
  readonly exclude_patterns: readonly string[];
}

/** One category of tests in a layer. */
export interface TestCategory {
  /** Its name, of small letters, digits and underscores. */
  readonly name: string;
  /** How long it may take, in seconds, from 30 to 3,600. */
  readonly timeout_seconds: number;
  /** How many of it may run at once, from 1 to 8. */
  readonly max_parallel_instances: number;
  /** Its place in the layer, from 1 to 10; equal places run together in a hybrid layer. */
  readonly priority_order: number;
  /** What it needs. */
  readonly resource_requirements: CategoryRequirements;
  /** Which tests belong to it. */
  readonly filters: CategoryFilters;
}

const needed = () => z.boolean().default(false);
const patterns = () => z.array(name()).max(200).default([]);

const requirements = z.strictObject({
  requires_postgresql: needed(),
  requires_redis: needed(),
  requires_backend_service: needed(),
  requires_auth_service: needed(),
  requires_frontend_service: needed(),
  requires_real_llm: needed(),
  requires_real_services: needed(),
  requires_websocket_server: needed(),
  requires_node_runtime: needed(),
  requires_frontend_build: needed(),
  min_memory_mb: whole(64, 2_048).default(128).describe("How much memory it needs, in MiB"),
  dedicated_resources: needed().describe("Whether nothing else may run beside it"),
});

/** The shape of {@link TestCategory}. */
export const category = z.strictObject({
  name: z.string().max(100).regex(/^[a-z0-9_]+$/, "small letters, digits and underscores")
    .describe("Its name"),
  timeout_seconds: whole(30, 3_600).describe("How long it may take, in seconds"),
  max_parallel_instances: whole(1, 8).describe("How many of it may run at once"),
  priority_order: whole(1, 10).describe("Its place in the layer"),
  resource_requirements: requirements.prefault({}).describe("What it needs"),
  filters: z.strictObject({
    include_patterns: patterns().describe("Words of which a test has at least one"),
    exclude_patterns: patterns().describe("Words of which a test has none"),
  }).prefault({}).describe("Which tests belong to it"),
});
