import type { FallbackManager } from "../health/fallback_manager.ts";
import type { HealthSource, HealthState } from "../health/health_state.ts";

/**
 * A node's health that moves the node's fallback mode each time somebody asks for it, and tells the
 * mode that came of it: the one that the node itself votes with.
 */
export class CascadingHealth implements HealthSource {
  readonly #source: HealthSource;
  readonly #fallbackManager: Pick<FallbackManager, "cascade" | "ownMode">;

  /** Who looks, and who keeps the mode. */
  constructor(
    source: HealthSource,
    fallbackManager: Pick<FallbackManager, "cascade" | "ownMode">,
  ) {
    this.#source = source;
    this.#fallbackManager = fallbackManager;
  }

  /** @returns The node's health, now. */
  async getComprehensiveState(): Promise<HealthState> {
    const state = await this.#source.getComprehensiveState();
    this.#fallbackManager.cascade(state);
    return { ...state, fallback: { ...state.fallback, mode: this.#fallbackManager.ownMode } };
  }
}
