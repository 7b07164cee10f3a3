import { z } from "zod";
import { name, text, whole } from "./common_shapes.ts";

/** One service that layers need. */
export interface LayerService {
  /** How long it may take to start, in seconds, from 5 to 300. Default 30. */
  readonly startup_timeout_seconds: number;
  /** What to ask about its health: "/path", "host:port" with or without a path, or a URL; null for nothing. */
  readonly health_check_endpoint: string | null;
  /** What to run to learn about its health; null for nothing. */
  readonly health_check_command: string | null;
  /** Layers that need it, beyond those that say so themselves. Default none. */
  readonly required_for_layers: readonly string[];
  /** Services that must be there before. Default none. */
  readonly depends_on: readonly string[];
  /** Whether it must be built before it starts. Default false. */
  readonly build_required: boolean;
}

const ENDPOINT = /^(?:\/|https?:\/\/[^\s/]|[\w.-]+:\d{1,5}(?:\/|$))\S*$/;

const service = z.strictObject({
  startup_timeout_seconds: whole(5, 300).default(30).describe(
    "How long it may take to start, in seconds",
  ),
  health_check_endpoint: text().regex(ENDPOINT, "/path, host:port, host:port/path or a URL")
    .nullable().default(null).describe("What to ask about its health"),
  health_check_command: text().min(1).nullable().default(null).describe(
    "What to run to learn about its health",
  ),
  required_for_layers: z.array(name()).max(100).default([]).describe("Layers that need it"),
  depends_on: z.array(name()).max(100).default([]).describe("Services that must be there before"),
  build_required: z.boolean().default(false).describe("Whether it must be built first"),
});

/** The shape of all services, by name. */
export const services = z.record(name(), service);
