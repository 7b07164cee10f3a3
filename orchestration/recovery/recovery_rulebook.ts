import type { ConfigSchema } from "../../config/files/config_schema.ts";
import type { LoadConfigOptions } from "../../config/files/load_config.ts";
import { RecoveryConfig, type ReloadResult } from "../../config/files/recovery_config.ts";
import { type AnyRecoveryDocument, compileRules } from "./compile_rules.ts";
import type { RecoveryRules } from "./recovery_rules.ts";

/** Options of {@link RecoveryRulebook}. */
export interface RecoveryRulebookOptions<D extends AnyRecoveryDocument> {
  /** What the file must look like. */
  readonly schema: ConfigSchema<D>;
  /** The document, where the program gives one. */
  readonly config: D | undefined;
  /** The file; the defaults hold without either. */
  readonly configPath: string | undefined;
  /** How the file is read. */
  readonly configOptions: LoadConfigOptions | undefined;
  /** Prepares what the rules need; what it throws keeps them from being in force. */
  readonly prepare: (document: D, rules: RecoveryRules) => Promise<void>;
}

/** What recovery goes by: the rules in force, read from a file once and again. */
export class RecoveryRulebook<D extends AnyRecoveryDocument> {
  readonly #options: RecoveryRulebookOptions<D>;
  #config: RecoveryConfig<D> | null = null;
  #rules: RecoveryRules | null = null;
  #loading: Promise<void> | null = null;
  #dryRun: boolean | null = null;

  /** @param options Where the rules come from. */
  constructor(options: RecoveryRulebookOptions<D>) {
    if (options.config !== undefined && options.configPath !== undefined) {
      throw new TypeError("Give either config or configPath, not both");
    }
    this.#options = options;
  }

  /** The rules in force; null before they were read. */
  get current(): RecoveryRules | null {
    return this.#rules;
  }

  /** The rules in force. */
  get rules(): RecoveryRules {
    if (this.#rules === null) throw new Error("Cannot go by rules that were not loaded");
    return this.#rules;
  }

  /** Whether actions are only told of. */
  get isDryRun(): boolean {
    return this.#dryRun ?? this.#rules?.dryRun ?? false;
  }

  /** Switches the dry run, whatever the file says now or later. */
  set isDryRun(value: boolean) {
    this.#dryRun = value;
  }

  /**
   * Reads the rules, once.
   *
   * @throws {ConfigError} when the file cannot be used.
   */
  load(): Promise<void> {
    return this.#loading ??= this.#load().catch((error) => {
      this.#loading = null;
      throw error;
    });
  }

  /**
   * Reads the file again. What was in force stays so when it cannot be used.
   *
   * @returns Whether the file is in force, else what is wrong with it.
   */
  async reload(): Promise<ReloadResult> {
    await this.load();
    if (this.#config === null) return { ok: true, errors: [] };
    const result = await this.#config.reload();
    if (result.ok) await this.#adopt(this.#config.document, this.#config.source);
    return result;
  }

  async #load(): Promise<void> {
    const { config, configPath, configOptions = {}, schema } = this.#options;
    if (config !== undefined) return await this.#adopt(config, null);
    this.#config = await RecoveryConfig.load(configPath, { ...configOptions, schema });
    await this.#adopt(this.#config.document, this.#config.source);
  }

  async #adopt(document: D, source: string | null): Promise<void> {
    const rules = compileRules(document, source);
    await this.#options.prepare(document, rules);
    this.#rules = rules;
  }
}
