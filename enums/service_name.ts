/** The services that tests depend on. `canonicalServiceName` reads their other names. */
export const ServiceName = {
  /** The PostgreSQL database. */
  POSTGRES: "postgres",
  /** The Redis store. */
  REDIS: "redis",
  /** The ClickHouse database. */
  CLICKHOUSE: "clickhouse",
  /** The HTTP API. */
  BACKEND: "backend",
  /** Sign-in and tokens. */
  AUTH: "auth",
  /** The web application. */
  FRONTEND: "frontend",
  /** The WebSocket server. */
  WEBSOCKET: "websocket",
} as const;

/** The services that tests depend on. `canonicalServiceName` reads their other names. */
export type ServiceName = (typeof ServiceName)[keyof typeof ServiceName];
