import type { MemberStatus } from "../enums/member_status.ts";
import type { HealthState } from "../health/health_state.ts";

/** Wire form of {@link NodeInfo}: keys in snake_case, absent optionals as null. */
export interface NodeInfoDict {
  /** See {@link NodeInfo.instanceId}. */
  readonly instance_id: string;
  /** See {@link NodeInfo.isLeader}. */
  readonly is_leader: boolean;
  /** See {@link NodeInfo.healthScore}. */
  readonly health_score: number | null;
  /** See {@link NodeInfo.status}. */
  readonly status: MemberStatus;
  /** See {@link NodeInfo.lastHeartbeat}. */
  readonly last_heartbeat: string | null;
  /** See {@link NodeInfo.incarnation}. */
  readonly incarnation: string;
  /** See {@link NodeInfo.labels}. */
  readonly labels: Readonly<Record<string, string>>;
  /** See {@link NodeInfo.load}. */
  readonly load: number;
  /** See {@link NodeInfo.takesWork}. */
  readonly takes_work: boolean;
  /** See {@link NodeInfo.state}. */
  readonly state: HealthState | null;
}

/** What {@link NodeInfo} is made of. */
export type NodeInfoFields = Omit<NodeInfo, "toDict" | "toJSON">;

/** One registered member of a cluster, as seen by the node that was asked. */
export class NodeInfo {
  /** The member's id, unique in the cluster. */
  readonly instanceId: string;
  /** Whether the store names it as leader. */
  readonly isLeader: boolean;
  /** Its health, 0 (failed) to 1 (well); null when it has reported none. */
  readonly healthScore: number | null;
  /** Whether its heartbeat changes as promised, judged by the observer's own clock. */
  readonly status: MemberStatus;
  /** When it wrote its last heartbeat, UTC ISO by ITS clock: for people only; null when unknown. */
  readonly lastHeartbeat: string | null;
  /** A new text for each start of the process. */
  readonly incarnation: string;
  /** What it says about itself, such as its zone or version. */
  readonly labels: Readonly<Record<string, string>>;
  /** How busy it is, 0 for idle; the unit is the application's. */
  readonly load: number;
  /** Whether it takes work that the leader assigns. */
  readonly takesWork: boolean;
  /** The health document it last reported; null when it reports none. */
  readonly state: HealthState | null;

  /**
   * Makes an entry.
   *
   * @param fields The values; labels are copied.
   */
  constructor(fields: NodeInfoFields) {
    this.instanceId = fields.instanceId;
    this.isLeader = fields.isLeader;
    this.healthScore = fields.healthScore;
    this.status = fields.status;
    this.lastHeartbeat = fields.lastHeartbeat;
    this.incarnation = fields.incarnation;
    this.labels = Object.freeze({ ...fields.labels });
    this.load = fields.load;
    this.takesWork = fields.takesWork;
    this.state = fields.state;
    Object.freeze(this);
  }

  /**
   * Puts it into wire form.
   *
   * @returns The wire form.
   */
  toDict(): NodeInfoDict {
    return {
      instance_id: this.instanceId,
      is_leader: this.isLeader,
      health_score: this.healthScore,
      status: this.status,
      last_heartbeat: this.lastHeartbeat,
      incarnation: this.incarnation,
      labels: { ...this.labels },
      load: this.load,
      takes_work: this.takesWork,
      state: this.state,
    };
  }

  /**
   * Puts it into wire form, for `JSON.stringify`.
   *
   * @returns The wire form, for `JSON.stringify`.
   */
  toJSON(): NodeInfoDict {
    return this.toDict();
  }
}
