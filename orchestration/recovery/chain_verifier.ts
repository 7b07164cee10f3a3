import type { ActionEnding } from "./chain_entry.ts";
import type { ChainDesk } from "./chain_desk.ts";
import { LaneOverError } from "./lane_errors.ts";
import { currentStep, type Execution, type RecoveryChain } from "./recovery_chain.ts";
import type { RecoveryEnvironment } from "./recovery_environment.ts";
import type { RecoveryLane } from "./recovery_lane.ts";
import { runAttempt } from "./run_attempt.ts";
import { hasHelped, type Verification, verificationOf } from "./verification.ts";

/** Options of {@link ChainVerifier}. */
export interface ChainVerifierOptions {
  /** Where the chains stand. */
  readonly lane: RecoveryLane;
  /** What recovery works with. */
  readonly environment: RecoveryEnvironment;
  /** Puts on record how chains move. */
  readonly desk: ChainDesk;
}

/** A chain whose action ran, and is looked at. */
export type Verifying = Extract<RecoveryChain["at"], { readonly kind: "verifying" }>;

/** Looks whether actions helped, after a while, and not for ever. */
export class ChainVerifier {
  readonly #lane: RecoveryLane;
  readonly #environment: RecoveryEnvironment;
  readonly #desk: ChainDesk;

  /** @param options The chains, and whom to ask. */
  constructor({ lane, environment, desk }: ChainVerifierOptions) {
    this.#lane = lane;
    this.#environment = environment;
    this.#desk = desk;
  }

  /** Looks once more whether the action of the current step helped, and ends the step when that is known. */
  async verify(chain: RecoveryChain, at: Verifying): Promise<void> {
    const { verification } = this.#environment.rules();
    const { execution, endedMs, report, checks: before } = at;
    const verify = this.wayOf(chain);
    if (verify === null) {
      // Switched off since: what was seen so far does not say whether it helped.
      const ending: ActionEnding = { endedMs, report, checks: before, verified: null, error: null };
      return await this.#desk.finish(chain, execution, ending);
    }
    await this.#desk.sleep(verification.delayMs);
    const checks = before + 1;
    const doubt = await this.#look(chain, execution, verify);
    if (doubt !== null && checks < verification.attempts) {
      const next: Verifying = { ...at, checks };
      await this.#desk.apply(chain, (draft) => draft.putChain({ ...chain, at: next }));
      return;
    }
    const error = doubt === null
      ? null
      : `it did not help: ${doubt}, after ${checks} ${checks === 1 ? "look" : "looks"}`;
    const ending: ActionEnding = { endedMs, report, checks, verified: doubt === null, error };
    await this.#desk.finish(chain, execution, ending);
  }

  /** @returns Why it cannot be said that the action helped; null when it did. */
  async #look(
    chain: RecoveryChain,
    execution: Execution,
    verify: Verification,
  ): Promise<string | null> {
    const { signal } = this.#lane;
    const { clock } = this.#environment;
    const { timeoutMs } = currentStep(chain);
    const outcome = await runAttempt(
      (end) => hasHelped(verify, this.#desk.contextOf(chain, execution, end), this.#environment),
      { timeoutMs, signal, clock, late: () => {} },
    );
    if (outcome.kind === "stopped") throw new LaneOverError(this.#lane.name);
    if (outcome.kind === "failed") return outcome.error;
    return outcome.value === true ? null : "what was wrong is not well yet";
  }

  /** @returns How to look whether the action of the current step helped; null when nobody looks. */
  wayOf(chain: RecoveryChain): Verification | null {
    const { rules, registry, healthMonitor } = this.#environment;
    if (!rules().verification.enabled) return null;
    return verificationOf(chain, registry.get(currentStep(chain).action), healthMonitor);
  }
}
