/**
 * Policies with the thresholds, conditions and time limits of the file that users bring along, and
 * texts and parameters of our own.
 */
export const POLICIES_LIKE_SHIPPED = `
enabled: true
poll_interval: 30
dry_run_mode: false
thresholds:
  circuit_open_duration: 300
  retry_failures_1h: 50
  min_anomaly_accuracy: 0.80
  failed_components: 2
cooldowns:
  circuit_restart: 300
  cache_purge: 600
  safe_mode: 300
  reduce_power_load: 180
  activate_cooling: 240
  stabilize_attitude: 300
  reduce_processor_load: 180
  enter_safe_mode: 600
  alert_ground: 60
recovery_policies:
  power_fault:
    severity_threshold: 0.7
    description: Too little power
    escalation_chain:
      - { action: reduce_power_load, condition: "severity >= 0.7", timeout: 30, params: { a: 1 } }
      - action: alert_ground
        condition: severity >= 0.8 or recurrence_count >= 2
        timeout: 10
      - action: enter_safe_mode
        condition: severity >= 0.9 or recurrence_count >= 3
        timeout: 15
  thermal_fault:
    severity_threshold: 0.6
    description: Too hot
    escalation_chain:
      - { action: activate_cooling, condition: "severity >= 0.6", timeout: 20 }
      - action: reduce_processor_load
        condition: severity >= 0.7 or duration > 180
        timeout: 15
      - { action: reduce_power_load, condition: "severity >= 0.8", timeout: 30 }
      - action: alert_ground
        condition: severity >= 0.85 or recurrence_count >= 2
        timeout: 10
  attitude_fault:
    severity_threshold: 0.8
    description: Turned away
    escalation_chain:
      - { action: stabilize_attitude, condition: "severity >= 0.8", timeout: 60 }
      - action: enter_safe_mode
        condition: severity >= 0.9 or stabilization_failed
        timeout: 15
      - { action: alert_ground, condition: always, timeout: 10 }
  comm_fault:
    severity_threshold: 0.75
    description: Nothing is heard
    escalation_chain:
      - { action: restart_radio, condition: "severity >= 0.75", timeout: 30 }
      - action: switch_to_backup_radio
        condition: severity >= 0.85 or restart_failed
        timeout: 20
      - { action: enter_safe_mode, condition: "severity >= 0.95", timeout: 15 }
  memory_fault:
    severity_threshold: 0.7
    description: Nothing is left
    escalation_chain:
      - { action: cache_purge, condition: "severity >= 0.7", timeout: 60 }
      - { action: reduce_processor_load, condition: "severity >= 0.8", timeout: 15 }
      - { action: alert_ground, condition: "severity >= 0.85", timeout: 10 }
  unknown_anomaly:
    severity_threshold: 0.85
    description: Who knows
    escalation_chain:
      - { action: log_detailed_state, condition: always, timeout: 30 }
      - { action: alert_ground, condition: "severity >= 0.85", timeout: 10 }
      - { action: enter_safe_mode, condition: "severity >= 0.95", timeout: 15 }
recovery_actions:
  circuit_restart: { enabled: true, timeout: 30, max_retries: 3 }
  cache_purge: { enabled: true, timeout: 60 }
  safe_mode: { enabled: true, timeout: 10 }
  reduce_power_load:
    enabled: true
    timeout: 30
    description: Switch off what can wait
    phase_restrictions:
      LAUNCH: false
      DEPLOYMENT: false
      NOMINAL_OPS: true
      PAYLOAD_OPS: true
      SAFE_MODE: false
  activate_cooling: { enabled: true, timeout: 20 }
  stabilize_attitude:
    enabled: true
    timeout: 60
    phase_restrictions:
      LAUNCH: false
      DEPLOYMENT: false
      NOMINAL_OPS: true
      PAYLOAD_OPS: true
      SAFE_MODE: true
  reduce_processor_load: { enabled: true, timeout: 15 }
  enter_safe_mode: { enabled: true, timeout: 15 }
  alert_ground: { enabled: true, timeout: 10 }
  restart_radio: { enabled: true, timeout: 30 }
  switch_to_backup_radio: { enabled: true, timeout: 20 }
  log_detailed_state: { enabled: true, timeout: 30 }
advanced:
  max_concurrent_actions: 1
  action_timeout_multiplier: 1.5
  history_retention_days: 30
  max_history_entries: 1000
  verify_recovery_success: true
  verification_delay_seconds: 30
  max_verification_attempts: 3
  auto_escalate_on_failure: true
  escalation_failure_threshold: 2
  max_actions_per_hour: 10
  max_safe_mode_entries_per_day: 5
logging:
  level: INFO
  slack_webhook: ""
  slack_events:
    - recovery_action_executed
    - recovery_action_failed
    - multiple_failures_detected
    - safe_mode_entered
    - escalation_triggered
`;
