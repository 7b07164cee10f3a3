import { ActionScope } from "../../enums/action_scope.ts";
import { parseEnumValue } from "../../enums/parse_enum_value.ts";
import type { ActionHandler, ActionVerifier } from "./action_handler.ts";

/** What there is to know about an action besides what it does. */
export interface RegisterActionOptions {
  /**
   * Looks whether it helped; false for an action that is not meant to, such as one that tells people.
   *
   * @default whether what it was taken for is well again: the component, or the threshold
   */
  readonly verify?: ActionVerifier | false;
  /**
   * Where in a cluster it runs.
   *
   * @default what the policy file says; if it does not, "node" for `circuit_restart`, `cache_purge`
   * and `safe_mode`, else "cluster"
   */
  readonly scope?: ActionScope;
}

/** An action that can be run. */
export interface RunnableAction {
  /** Does it. */
  readonly run: ActionHandler;
  /** Looks whether it helped; null for the way of recovery itself, false when nobody looks. */
  readonly verify: ActionVerifier | false | null;
  /** Where it runs; null for what the policy file says. */
  readonly scope: ActionScope | null;
}

const NAME_MAX_CHARS = 100;

/**
 * What does which action. What the program registered goes before what a file declares, and that
 * before what is built in.
 */
export class ActionRegistry {
  readonly #registered: Map<string, RunnableAction> = new Map();
  readonly #builtIn: ReadonlyMap<string, RunnableAction>;
  readonly #known: readonly string[];
  #declared: ReadonlyMap<string, RunnableAction> = new Map();

  /**
   * @param builtIn What is built in.
   * @param known The built-in actions that there are here, whether anything does them or not.
   * @default those that something does
   */
  constructor(
    builtIn: ReadonlyMap<string, RunnableAction>,
    known: readonly string[] = [...builtIn.keys()],
  ) {
    this.#builtIn = new Map([...builtIn].filter(([name]) => known.includes(name)));
    this.#known = known;
  }

  /**
   * Registers what does an action, in place of what did so far.
   *
   * @throws {TypeError} when the name, the handler or the verifier is none.
   * @throws {UnknownEnumValueError} when the scope is none.
   */
  register(name: string, run: ActionHandler, options: RegisterActionOptions): void {
    if (typeof name !== "string" || name === "" || name.length > NAME_MAX_CHARS) {
      throw new TypeError(
        `Cannot register an action: its name must have 1 to ${NAME_MAX_CHARS} ` +
          `characters, got ${JSON.stringify(name)}`,
      );
    }
    const { verify = null, scope = null } = options;
    for (const [what, given] of [["handler", run], ["verifier", verify || run]] as const) {
      if (typeof given === "function") continue;
      throw new TypeError(`Cannot register ${name}: its ${what} must be a function`);
    }
    this.#registered.set(name, {
      run,
      verify,
      scope: scope === null ? null : parseEnumValue(ActionScope, scope),
    });
  }

  /** Replaces what a file declares. */
  declare(actions: ReadonlyMap<string, RunnableAction>): void {
    this.#declared = actions;
  }

  /** @returns What does an action; undefined when nothing does. */
  get(name: string): RunnableAction | undefined {
    return this.#registered.get(name) ?? this.#declared.get(name) ?? this.#builtIn.get(name);
  }

  /** The actions that something does, and those that are known. */
  get names(): readonly string[] {
    return [
      ...new Set([...this.#registered.keys(), ...this.#declared.keys(), ...this.#known]),
    ].sort();
  }
}
