import { checkCounts } from "./check_counts.ts";
import type { UserEventSocketLimits } from "./user_event_socket.ts";

/** Bounds of the endpoint and of each connection. */
export interface EndpointLimits extends UserEventSocketLimits {
  /** After how long without a sign of life a client is asked for one, in seconds. */
  readonly heartbeatSeconds: number;
  /** How long it may take to say who connects, in ms. */
  readonly authenticateTimeoutMs: number;
}

/** A day; the runtime takes no more than 4,294,967 seconds, and treats more as none. */
const HEARTBEAT_MAX_SECONDS = 86_400;

/**
 * Reads the bounds among the options of the endpoint.
 *
 * @param options The options.
 * @returns All bounds.
 * @throws {RangeError} when one is out of range.
 */
export function endpointLimits(
  options: { readonly [K in keyof EndpointLimits]?: EndpointLimits[K] },
): EndpointLimits {
  const limits = {
    heartbeatSeconds: options.heartbeatSeconds ?? 30,
    authenticateTimeoutMs: options.authenticateTimeoutMs ?? 10_000,
    bufferMaxBytes: options.bufferMaxBytes ?? 262_144,
    messageMaxBytes: options.messageMaxBytes ?? 4_096,
    messagesPerMinuteMax: options.messagesPerMinuteMax ?? 60,
    openTimeoutMs: options.openTimeoutMs ?? 10_000,
  };
  checkCounts(limits);
  if (limits.heartbeatSeconds > HEARTBEAT_MAX_SECONDS) {
    throw new RangeError(
      `heartbeatSeconds must be at most ${HEARTBEAT_MAX_SECONDS}, got ${limits.heartbeatSeconds}`,
    );
  }
  return limits;
}
