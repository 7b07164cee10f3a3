/** Takes the figures of recovery, for a metrics system. Names and labels are snake_case. */
export interface MetricsCollector {
  /**
   * Counts.
   *
   * @param name What, such as `baton_recovery_actions_total`.
   * @param labels By what, such as action and result.
   */
  increment(name: string, labels: Readonly<Record<string, string>>): void;
  /**
   * Notes a measured value.
   *
   * @param name What, such as `baton_recovery_mttr_seconds`.
   * @param value The value.
   * @param labels Of what.
   */
  observe(name: string, value: number, labels: Readonly<Record<string, string>>): void;
}
