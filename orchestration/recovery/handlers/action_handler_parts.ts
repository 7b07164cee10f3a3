import type { EnvReader } from "../../../config/env_reader.ts";
import type { CircuitBreaker } from "../../../health/circuit_breaker.ts";
import type { FallbackManager } from "../../../health/fallback_manager.ts";
import type { HealthSource } from "../../../health/health_state.ts";
import type { Notifier } from "../notifier.ts";
import type { StartProcessGroup } from "./process_group.ts";

/** Connects to a TCP port; what it gives is closed at once. */
export type ConnectTcp = (
  options: { readonly hostname: string; readonly port: number; readonly signal: AbortSignal },
) => Promise<Disposable>;

/** What actions declared in YAML act with. An action whose part is missing is refused. */
export interface ActionHandlerParts {
  /** Owns the fallback mode of the node. */
  readonly fallbackManager?: Pick<FallbackManager, "requestMode">;
  /** The circuit breakers, by the name that files use. */
  readonly breakers?: ReadonlyMap<string, Pick<CircuitBreaker, "open" | "close">>;
  /** Tells people. */
  readonly notifier?: Notifier;
  /** Knows the components that `verify: { component }` names. */
  readonly health?: HealthSource;
  /**
   * What this node is called, in what people are told.
   *
   * @default "local"
   */
  readonly node?: string;
  /**
   * The environment of which programs get the variables that a file names.
   *
   * @default the one of this process
   */
  readonly env?: EnvReader;
  /**
   * Calls URLs.
   *
   * @default fetch
   */
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
  /**
   * Connects to TCP ports.
   *
   * @default Deno.connect
   */
  readonly connect?: ConnectTcp;
  /**
   * Starts programs.
   *
   * @default on this machine, each in a process group of its own
   */
  readonly startProcessGroup?: StartProcessGroup;
  /**
   * Looks whether a permission is missing, without a prompt; answers with the reason, or null.
   *
   * @default asks the runtime
   */
  readonly missingPermission?: (descriptor: Deno.PermissionDescriptor) => Promise<string | null>;
  /**
   * Chance in [0, 1), for delays between retries.
   *
   * @default Math.random
   */
  readonly random?: () => number;
}

/** {@link ActionHandlerParts} with the defaults of all but what a program has to give. */
export type FilledParts =
  & Pick<ActionHandlerParts, "fallbackManager" | "notifier" | "health">
  & Required<Omit<ActionHandlerParts, "fallbackManager" | "notifier" | "health">>;
